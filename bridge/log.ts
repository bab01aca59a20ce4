import type { Writable } from 'node:stream'

type Level = 'info' | 'warn' | 'error'

/** Writes one line; never given the payload of a call. */
export type Log = (level: Level, msg: string, fields?: Readonly<Record<string, unknown>>) => void

const mostBytes = 1024 * 1024

/** One JSON object a line. Where nobody takes the lines, those above a bound are counted instead of kept. */
export function createLog(stream: Writable): Log {
  let lost = 0
  const write = (entry: object) => void stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
  // Whoever read the log may be gone; the calls go on.
  stream.on('error', () => {})
  return (level, msg, fields) => {
    // What servers write leaves room for what the bridge itself has to say.
    if (stream.writableLength > (fields?.stream ? mostBytes / 2 : mostBytes)) {
      lost++
      return
    }
    if (lost > 0) write({ level: 'warn', msg: 'lines were left out because nobody read them', count: lost })
    lost = 0
    write({ level, msg, ...fields })
  }
}

/** A warning that may come without end: the first, second, fourth, eighth time and so on. */
export function createRareLog(log: Log, msg: string): (fields?: Readonly<Record<string, unknown>>) => void {
  let count = 0
  let next = 1
  return (fields) => {
    if (++count < next) return
    next *= 2
    log('warn', msg, { ...fields, count })
  }
}
