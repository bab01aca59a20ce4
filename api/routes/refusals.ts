import type { ErrorCode } from '../../schema/error-code.ts'
import { answers, Problem } from '../problem.ts'

/** What any signed call may be refused with. */
const always: ErrorCode[] = ['INVALID_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL', 'UNAVAILABLE']
/** And one that reads a JSON body. */
export const ofBody: ErrorCode[] = ['INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'INVALID_BODY']
/** And one that takes an Idempotency-Key. */
export const ofKey: ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS']
/** And one that changes a server. */
export const ofServer: ErrorCode[] = ['NOT_FOUND', 'WRONG_STATUS', 'CONFLICT']

/** The refusals of a call as responses of the document: one for each status, with an example for each code. */
export function refusals(...codes: ErrorCode[]): object {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...always, ...codes])) byStatus.set(answers[code][0], [...(byStatus.get(answers[code][0]) ?? []), code])
  return Object.fromEntries([...byStatus].map(([status, alike]) => [status, response(alike)]))
}

function response(codes: ErrorCode[]) {
  const examples = Object.fromEntries(codes.map((code) => [code, { value: example(code) }]))
  return { description: codes.join(' or '), content: { 'application/problem+json': { schema: Problem, examples } } }
}

function example(code: ErrorCode): Problem {
  const [status, title] = answers[code]
  const errors = code.startsWith('INVALID_') && status === 422 ? { errors: [{ path: 'field', message: 'got 1, expected a string' }] } : {}
  return { type: 'about:blank', title, status, code, detail: 'What was refused, and what to do.', requestId: '01JZ8Y6V9Q4N', ...errors }
}
