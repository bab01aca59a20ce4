import type { Mount } from './mount.ts'

export interface ContainerPlan {
  /** An empty directory of this container's own. */
  readonly scratch: string
  readonly argv: readonly [string, ...string[]]
  /** The whole environment; nothing is added to it. */
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly readOnlyRoot: boolean
  readonly mounts: readonly Mount[]
  readonly onOutput: (chunk: Buffer) => void
}

/** A container that runs. */
export interface ContainerProcess {
  /** Its exit code, 128 + signal where one ended it; everything it started is gone by then. */
  readonly exited: Promise<number>
  /** To the main process only, as ECS does it. */
  signal(name: NodeJS.Signals): void
  /** SIGKILL to everything inside. */
  kill(): void
  /** Runs a command beside the main process, in the same view and environment; its exit code, 137 after `timeoutMs`. */
  run(argv: readonly [string, ...string[]], timeoutMs: number): Promise<number>
}

export type StartContainer = (plan: ContainerPlan) => Promise<ContainerProcess>
