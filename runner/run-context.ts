import type { AwsClients } from '../aws/clients.ts'
import type { PlatformContract } from '../schema/contract.ts'
import type { Definition } from '../schema/definition.ts'
import type { Run } from '../schema/run.ts'
import type { Server } from '../schema/server.ts'
import type { StoreContext } from '../store/store-context.ts'
import type { RunnerConfig } from './config.ts'
import type { Report } from './report.ts'
import { RunFailure } from './run-failure.ts'

/** What every step of one run is given. */
export interface RunContext {
  readonly config: RunnerConfig
  readonly clients: AwsClients
  readonly store: StoreContext
  readonly report: Report
  /** Aborted when the build is asked to stop, or when the run was ended by somebody else. */
  readonly signal: AbortSignal
  /** When the runner took the run up. */
  readonly startedAt: Date
  /** Private to this run, removed at its end. */
  readonly directory: string
  /** Replaced by each transition: writes are fenced by what it says. */
  readonly current: {
    run: Run
    /** Set when Terraform is about to change something. */
    applied: boolean
  }
  readonly server: Server
  /** Parsed anew from the revision; only an apply that leaves tasks running needs one that today's schema accepts. */
  readonly definition: Definition | undefined
  /** Whether the revision asks for running tasks. */
  readonly enabled: boolean
  readonly contract: PlatformContract
  readonly contractSha256: string
  /** For Terraform and cdktf. */
  readonly terraformEnvironment: Readonly<Record<string, string>>
}

export const invalidRevision = ({ current, server }: RunContext): RunFailure =>
  new RunFailure('SYNTH_FAILED', `Revision ${current.run.revision} of ${server.id} is not valid any more.`)

export const stackName = (serverId: string): string => `server-${serverId}`
export const appliedKey = (server: { id: string; uid: string }): string => `servers/${server.id}/${server.uid}/applied.tar.gz`
/** Of a run's files: the plan, its lock file and what it was made of. */
export const artifactFile = 'artifact.tar.gz'
/** What people read of the plan. */
export const reviewFile = 'plan.json'
export const runKey = (runId: string, file: string): string => `runs/${runId}/${file}`
