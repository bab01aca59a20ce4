import * as z from 'zod'

/** The closed union of everything a call can be refused with; one place in `api/` turns it into HTTP. */
export const ErrorCode = z.enum([
  'INVALID_DEFINITION',
  'INVALID_REQUEST',
  'INVALID_BODY',
  'INVALID_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'NOT_ACCEPTABLE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'NAME_TAKEN',
  'WRONG_STATUS',
  'CONFLICT',
  'PRECONDITION_FAILED',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_PROGRESS',
  'SYNTH_FAILED',
  'UNAVAILABLE',
  'INTERNAL',
])
export type ErrorCode = z.infer<typeof ErrorCode>

/** One problem with one field; `path` is a JSON path such as `autoScalingConfig.minCapacity`. */
export const FieldError = z.strictObject({ path: z.string(), message: z.string() })
export type FieldError = z.infer<typeof FieldError>

/** A refusal with a code; message: what, got, expected, fix. */
export class GantryError extends Error {
  readonly code: ErrorCode
  readonly errors: FieldError[]
  constructor(code: ErrorCode, message: string, options: { errors?: FieldError[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'GantryError'
    this.code = code
    this.errors = options.errors ?? []
  }
}
