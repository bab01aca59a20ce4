export interface RawChange {
  readonly path: string
  /** Undefined where the file is gone. */
  readonly blob: string | undefined
}

export interface RawEntry {
  /** What the format put before the changes; empty where there is none. */
  readonly head: string
  readonly changes: readonly RawChange[]
}

/** Reads `git log|diff --raw -z --no-renames --no-abbrev`; a format of the log begins with the byte 1. */
export function parseRawDiff(output: string): RawEntry[] {
  const entries: { head: string; changes: RawChange[] }[] = []
  const parts = output.split('\0')
  for (let at = 0; at < parts.length; at++) {
    const part = (parts[at] ?? '').replace(/^\n/, '')
    if (part.startsWith('\u0001')) entries.push({ head: part.slice(1), changes: [] })
    if (!part.startsWith(':')) continue
    const blob = part.split(' ')[3] ?? ''
    const path = parts[++at] ?? ''
    if (entries.length === 0) entries.push({ head: '', changes: [] })
    entries.at(-1)?.changes.push({ path, blob: /^0+$/.test(blob) ? undefined : blob })
  }
  return entries
}
