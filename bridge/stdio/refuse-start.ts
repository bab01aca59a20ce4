import type { ServerResponse } from 'node:http'
import { errorCode, refuse } from '../refuse.ts'
import type { Refusal } from './start-backoff.ts'

/** Where descriptors are what is missing, a refused client must not keep one, so its connection ends. */
export function refuseStart(res: ServerResponse, { reason, retryAfterSeconds }: Refusal, id?: string): void {
  const headers = { 'retry-after': String(retryAfterSeconds), connection: 'close' }
  refuse(res, 503, errorCode.refused, reason, { id, headers })
}
