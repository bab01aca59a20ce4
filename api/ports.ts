import type { PlatformContract } from '../schema/contract.ts'
import type { ServerSynthInput } from '../schema/synth-input.ts'
import type { StoreContext } from '../store/store-context.ts'
import type { SecretsPort } from './secrets-port.ts'
import type { StackPort } from './stack-facts.ts'

export interface Clock {
  now(): Date
  /** Resolves after the time, or at once when `signal` aborts; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Structured log lines; never a token, a body or a definition. */
export type Log = (entry: { readonly event: string; readonly [field: string]: unknown }) => void

export interface SynthesizedServer {
  /** Terraform's files by name: `cdk.tf.json`, `server.auto.tfvars.json`. */
  readonly files: Readonly<Record<string, unknown>>
}

interface WebhookSource {
  /** `owner/name` */
  readonly repository: string
  secret(): Promise<string>
}

/** What the control plane's verbs need from outside. */
export interface ApiPorts {
  readonly store: StoreContext
  /** The platform's contract as it stands now. */
  contract(): Promise<PlatformContract>
  /** Of the contract's text, as runs note it of what they apply. */
  contractSha256(): Promise<string>
  /** Starts the build of a run and answers its id; asking twice for one step of a run starts one build. */
  startBuild(runId: string, step: 'plan' | 'apply'): Promise<string>
  synth(input: ServerSynthInput): Promise<SynthesizedServer>
  readonly artifacts: {
    readText(key: string): Promise<string | undefined>
    /** Keys below a prefix, in order. */
    list(prefix: string): Promise<string[]>
    remove(key: string): Promise<void>
  }
  readonly secrets: SecretsPort
  /** Replaces a server's tasks, one after the other, by ones that read their secrets anew. */
  rollService(service: { readonly platform: string; readonly cluster: string; readonly serverId: string }): Promise<void>
  readonly stack: StackPort
  /** The repository whose webhooks are taken; none where plans are not reviewed on GitHub. */
  webhook?(): Promise<WebhookSource | undefined>
  /** Called when a review changed, by the API or as GitHub says; what it is, is asked then. */
  onReviewChange?(): Promise<void>
  /** Whether the edge in front passes server-sent events on as they are written. */
  readonly streamsEvents: boolean
  readonly clock: Clock
  /** A new sortable id for runs and lives of servers. */
  newId(): string
  readonly log: Log
}
