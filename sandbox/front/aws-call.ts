import type { IncomingHttpHeaders } from 'node:http'

/** A whole answer, read into memory. */
export interface AwsAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** One call that the sandbox answers itself, or answers better. */
export interface AwsCall {
  /** JSON protocols: the parsed body. */
  readonly input: Record<string, unknown>
  /** Query protocol: the form. */
  readonly form: URLSearchParams
  /** What the emulator says to this call, or to the same call with another body. */
  forward(body?: string): Promise<AwsAnswer>
}

/** Returns a JSON answer's content, or a whole answer; throws AwsError to refuse. */
export type Intercept = (call: AwsCall) => Promise<AwsAnswer | Record<string, unknown>>

/** By `<target prefix>.<operation>` (JSON protocols) or `<version>.<Action>` (query protocol). */
export type Intercepts = Readonly<Record<string, Intercept>>

export function isAnswer(value: AwsAnswer | Record<string, unknown>): value is AwsAnswer {
  return Buffer.isBuffer(value.body)
}
