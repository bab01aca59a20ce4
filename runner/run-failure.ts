import type { RunError } from '../schema/run.ts'

/** Ends a run: what the run record says went wrong. */
export class RunFailure extends Error {
  readonly error: RunError
  constructor(code: RunError['code'], message: string, more: { resource?: string; logs?: string[]; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.name = 'RunFailure'
    this.error = {
      code,
      message,
      ...(more.resource ? { resource: more.resource } : {}),
      ...(more.logs && more.logs.length > 0 ? { logs: more.logs } : {}),
    }
  }
}

/** The error of whatever was thrown in a step that fails with `code`. */
export function runErrorOf(thrown: unknown, code: RunError['code'] = 'INTERNAL'): RunError {
  if (thrown instanceof RunFailure) return thrown.error
  return { code, message: thrown instanceof Error ? thrown.message : String(thrown) }
}
