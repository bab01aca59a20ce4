import * as z from 'zod'
import { ErrorCode, FieldError, GantryError } from '../schema/error-code.ts'

/** RFC 9457, with our code, the fields that were wrong and the request's id. */
export const Problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.number().int(),
    code: ErrorCode,
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

/** The status and title of each code. */
export const answers = {
  INVALID_REQUEST: [400, 'Invalid request'],
  INVALID_JSON: [400, 'Invalid JSON'],
  UNAUTHENTICATED: [401, 'Not signed in'],
  FORBIDDEN: [403, 'Not allowed'],
  NOT_FOUND: [404, 'Not found'],
  METHOD_NOT_ALLOWED: [405, 'Method not allowed'],
  NOT_ACCEPTABLE: [406, 'Not acceptable'],
  NAME_TAKEN: [409, 'Name taken'],
  WRONG_STATUS: [409, 'Wrong status'],
  CONFLICT: [409, 'Conflict'],
  IDEMPOTENCY_KEY_REUSED: [409, 'Idempotency key reused'],
  IDEMPOTENCY_IN_PROGRESS: [409, 'Request in progress'],
  PRECONDITION_FAILED: [412, 'Precondition failed'],
  BODY_TOO_LARGE: [413, 'Body too large'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported media type'],
  INVALID_DEFINITION: [422, 'Invalid definition'],
  INVALID_BODY: [422, 'Invalid body'],
  SYNTH_FAILED: [500, 'Synthesis failed'],
  INTERNAL: [500, 'Internal error'],
  UNAVAILABLE: [503, 'Unavailable'],
} as const satisfies Record<ErrorCode, readonly [number, string]>

/** The one place that turns a refusal into HTTP. What is not ours to explain becomes INTERNAL or UNAVAILABLE without its text. */
export function problemOf(error: unknown, requestId: string): Problem {
  const refusal = error instanceof GantryError && error.code !== 'INTERNAL' ? error : unexplained(error)
  const [status, title] = answers[refusal.code]
  const errors = refusal.errors.length > 0 ? { errors: refusal.errors } : {}
  return { type: 'about:blank', title, status, code: refusal.code, detail: refusal.message, requestId, ...errors }
}

const passing = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
])

function unexplained(error: unknown): GantryError {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  if (passing.has(String(name)) || passing.has(String(code)))
    return new GantryError('UNAVAILABLE', 'A service that Gantry needs did not answer. Try again in a few seconds.')
  return new GantryError('INTERNAL', 'Something went wrong inside Gantry. Its log has the details under this request id.')
}
