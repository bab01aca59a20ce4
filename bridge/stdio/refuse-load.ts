import type { ServerResponse } from 'node:http'
import type { Limits } from '../limits.ts'
import { errorCode, refuse } from '../refuse.ts'
import type { Refusal } from './start-backoff.ts'

/** Where descriptors are what is missing, a refused client must not keep one, so its connection ends. */
export function refuseStart(res: ServerResponse, { reason, retryAfterSeconds }: Refusal, id?: string): void {
  refuse(res, 503, errorCode.refused, reason, { id, headers: { 'retry-after': String(retryAfterSeconds), connection: 'close' } })
}

export function refuseFull(res: ServerResponse, id?: string): undefined {
  refuse(res, 503, errorCode.refused, 'Too many requests wait in this session.', { id, headers: { 'retry-after': '1' } })
}

/** A body that was not read to its end: the connection cannot be used again. */
export function refuseBody(res: ServerResponse, why: 'too large' | 'too slow' | 'aborted', { maxMessageBytes }: Limits): void {
  const headers = { connection: 'close' }
  if (why === 'too large') refuse(res, 413, errorCode.invalidRequest, `The body is above ${maxMessageBytes} bytes.`, { headers })
  if (why === 'too slow') refuse(res, 408, errorCode.refused, 'The body came too slowly, and its memory was wanted.', { headers })
}
