import type { DriftChange, IgnoredDrift, ServerDrift } from '../schema/drift.ts'

const mostEntries = 50
const mostBytes = 20_000
const mostValueBytes = 4000
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

export interface FoundDrift {
  readonly changes: readonly DriftChange[]
  readonly ignored: readonly IgnoredDrift[]
  readonly adopt?: Readonly<Record<string, unknown>> | undefined
}

/** What one DynamoDB item has room for beside the tools (400 KB): the first of each list, and how many more there were. */
export function fitDrift({ changes, ignored, adopt }: FoundDrift): Omit<ServerDrift, 'since' | 'checkedAt' | 'runId'> {
  const [kept, more] = first(changes.map(withoutLongValues))
  const [keptIgnored, moreIgnored] = first(ignored)
  return {
    changes: kept,
    ...(more > 0 && { more }),
    ignored: keptIgnored,
    ...(moreIgnored > 0 && { moreIgnored }),
    ...(adopt && bytes(adopt) <= mostBytes && { adopt }),
  }
}

function withoutLongValues({ before, after, ...change }: DriftChange): DriftChange {
  if (bytes([before, after]) > mostValueBytes) return { ...change, long: true }
  return { ...change, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
}

function first<T>(items: readonly T[]): [kept: T[], more: number] {
  const kept: T[] = []
  let room = mostBytes
  for (const item of items) {
    room -= bytes(item)
    if (kept.length >= mostEntries || room < 0) break
    kept.push(item)
  }
  return [kept, items.length - kept.length]
}
