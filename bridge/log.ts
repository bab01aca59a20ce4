type Level = 'info' | 'warn' | 'error'

/** Writes one line; never given the payload of a call. */
export type Log = (level: Level, msg: string, fields?: Readonly<Record<string, unknown>>) => void

/** One JSON object a line. */
export function createLog(write: (line: string) => void): Log {
  return (level, msg, fields) => write(`${JSON.stringify({ time: new Date().toISOString(), level, msg, ...fields })}\n`)
}
