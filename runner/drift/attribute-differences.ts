import { isJsonObject } from '../../schema/json-object.ts'

type Segment = string | number

/** One attribute that differs; `before` or `after` is undefined where it is not set. */
export interface AttributeDifference {
  readonly segments: readonly Segment[]
  readonly before: unknown
  readonly after: unknown
  readonly sensitive: boolean
}

interface Pair {
  readonly value: unknown
  /** As Terraform marks it: `true`, or the shape of the value with `true` somewhere in it. */
  readonly sensitive: unknown
}

/** Attribute by attribute what differs, down to lists of another length, which are one value. */
export function attributeDifferences(before: Pair, after: Pair, segments: readonly Segment[] = []): AttributeDifference[] {
  if (before.sensitive !== true && after.sensitive !== true) {
    if (isJsonObject(before.value) && isJsonObject(after.value)) {
      const names = [...new Set([...Object.keys(before.value), ...Object.keys(after.value)])].sort()
      return names.flatMap((name) => attributeDifferences(within(before, name), within(after, name), [...segments, name]))
    }
    if (Array.isArray(before.value) && Array.isArray(after.value) && before.value.length === after.value.length) {
      return before.value.flatMap((_, index) => attributeDifferences(within(before, index), within(after, index), [...segments, index]))
    }
  }
  if (JSON.stringify(before.value) === JSON.stringify(after.value)) return []
  const sensitive = isMarked(before.sensitive) || isMarked(after.sensitive)
  return [{ segments, before: before.value ?? undefined, after: after.value ?? undefined, sensitive }]
}

const isMarked = (mark: unknown): boolean =>
  mark === true || (typeof mark === 'object' && mark !== null && Object.values(mark).some(isMarked))

function within({ value, sensitive }: Pair, segment: Segment): Pair {
  return { value: part(value, segment), sensitive: part(sensitive, segment) }
}

function part(value: unknown, segment: Segment): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
  return (value as Record<Segment, unknown>)[segment]
}

/** As Terraform writes it: `health_check[0].interval`, `tags_all["gantry:server"]`. */
export function attributePath(segments: readonly Segment[]): string {
  const [first = '', ...rest] = segments
  const step = (segment: Segment): string =>
    typeof segment === 'string' && /^[A-Za-z_][\w-]*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`
  return `${first}${rest.map(step).join('')}`
}
