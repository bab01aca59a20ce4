import * as z from 'zod'
import { isJsonObject } from './json-object.ts'

/** One difference; `path` is a JSON pointer. `before` is absent where it was added, `after` where it was removed. */
export const Difference = z
  .strictObject({ path: z.string(), kind: z.enum(['added', 'removed', 'changed']), before: z.unknown(), after: z.unknown() })
  .partial({ before: true, after: true })
  .meta({ id: 'Difference' })
export type Difference = z.infer<typeof Difference>

/** What differs between two JSON values, in order of their fields; a list is one value. */
export function diffValues(before: unknown, after: unknown, path = ''): Difference[] {
  if (!isJsonObject(before) || !isJsonObject(after)) return isSame(before, after) ? [] : [{ path, kind: 'changed', before, after }]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): Difference[] => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.hasOwn(before, name)) return [{ path: at, kind: 'added', after: after[name] }]
    if (!Object.hasOwn(after, name)) return [{ path: at, kind: 'removed', before: before[name] }]
    return diffValues(before[name], after[name], at)
  })
}

function isSame(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return before === after
  return before.length === after.length && before.every((value, index) => diffValues(value, after[index]).length === 0)
}
