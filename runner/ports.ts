import type { ApiKey } from '../schema/api-key.ts'

/** Draws an API key: the token once, and the record to store. `access/` has the one way to do it; an entrance hands it in. */
export type MintKey = (options: Omit<ApiKey, 'format' | 'id' | 'secretSha256' | 'revokedAt'>) => { token: string; key: ApiKey }

export interface RunnerPorts {
  readonly mintKey: MintKey
}
