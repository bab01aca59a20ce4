import type { ApiKey } from '../schema/api-key.ts'
import type { Tool } from '../schema/server.ts'
import type { RunContext } from './run-context.ts'

/** Draws an API key: the token once, and the record to store. `access/` has the one way to do it; an entrance hands it in. */
export type MintKey = (options: Omit<ApiKey, 'format' | 'id' | 'secretSha256' | 'revokedAt'>) => { token: string; key: ApiKey }

export interface Verified {
  readonly endpoint: string
  readonly tools: Tool[]
}

export interface RunnerPorts {
  /** Waits until what was applied runs, or has stopped where it shall; throws a RunFailure where it does not come to that. */
  readonly settle: (context: RunContext) => Promise<void>
  /** Proves that it works; throws a RunFailure where it does not. */
  readonly verify: (context: RunContext) => Promise<Verified>
}
