import { appendFileSync } from 'node:fs'

/** The sandbox's log, one line an event. A disk that takes no more must not end what runs, so it loses the line. */
export function createLog(file: string): (line: string) => void {
  return (line) => {
    try {
      appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 })
    } catch {
      // Whoever cannot write either says so where it matters.
    }
  }
}
