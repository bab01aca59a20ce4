import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import type { ContainerPlan, ContainerProcess } from './container-process.ts'
import { exitCode } from './exit-code.ts'

/** A container that runs what its image says; `environment` is what is added to the image's own. */
export type ImagePlan = Pick<ContainerPlan, 'environment' | 'readOnlyRoot' | 'mounts' | 'onOutput'> & {
  /** Nobody else's on this machine. */
  readonly name: string
  readonly image: string
}

export interface Engine {
  readonly program: string
  start(plan: ImagePlan): Promise<ContainerProcess>
}

const run = promisify(execFile)
const answerMs = 5000

/** Docker or Podman, whichever answers first here; undefined where none does. */
export async function findEngine(path: string, programs: readonly string[] = ['docker', 'podman']): Promise<Engine | undefined> {
  const environment = { PATH: path }
  for (const program of programs) {
    // What needs no daemon says nothing about it.
    const answer = await run(program, ['ps', '--quiet'], { env: environment, timeout: answerMs }).catch(() => undefined)
    if (answer) return { program, start: (plan) => startImage(program, environment, plan) }
  }
  return undefined
}

async function startImage(program: string, environment: Readonly<Record<string, string>>, plan: ImagePlan): Promise<ContainerProcess> {
  const lines = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}\n`)
  const several = Object.entries(plan.environment).find(([, value]) => /[\r\n]/.test(value))
  if (several) throw new Error(`CannotCreateContainerError: ${program} takes no value of several lines, and ${several[0]} has one`)
  // Through a pipe: others could read an argument or a file, and the client would take its own settings from its environment.
  const argv = ['run', '--rm', '--init', '--network', 'host', '--name', plan.name, '--env-file', '/dev/stdin', ...places(plan), plan.image]
  const child = spawn(program, argv, { env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  child.stdin.on('error', () => undefined)
  child.stdin.end(lines.join(''))
  child.stdout.on('data', plan.onOutput)
  child.stderr.on('data', plan.onOutput)
  const ask = (...argv: string[]) => void run(program, argv, { env: environment }).catch(() => undefined)
  return {
    exited: exitCode(child),
    signal: (name) => ask('kill', '--signal', name, plan.name),
    kill: () => ask('rm', '--force', plan.name),
    run: (argv, timeoutMs) => {
      const beside = spawn(program, ['exec', plan.name, ...argv], {
        env: environment,
        stdio: 'ignore',
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      })
      return exitCode(beside)
    },
  }
}

function places({ mounts, readOnlyRoot }: ImagePlan): string[] {
  const parts = mounts.flatMap((mount) => {
    if (mount.kind === 'tmpfs') return ['--tmpfs', `${mount.target}:${mount.options}`]
    return mount.kind === 'directory' ? ['--volume', `${mount.source}:${mount.target}${mount.readOnly ? ':ro' : ''}`] : []
  })
  return [...parts, ...(readOnlyRoot ? ['--read-only'] : [])]
}
