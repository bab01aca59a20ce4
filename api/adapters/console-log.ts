import type { Log } from '../ports.ts'

/** One JSON object a line on stderr; errors as their name, message and stack. */
export const consoleLog: Log = (entry) => {
  const plain = (_key: string, value: unknown) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack, cause: value.cause } : value
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry }, plain)}\n`)
}
