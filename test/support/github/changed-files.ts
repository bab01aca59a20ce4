import { leastOf } from './description.ts'
import type { Hub, HubPull } from './hub.ts'
import type { Json } from './schema.ts'

const linesOf = (content: Buffer | undefined): string[] => (content ? content.toString().split('\n') : [])

function sides(hub: Hub, pull: HubPull) {
  const base = hub.git.filesOf(hub.git.mergeBase(pull.head, hub.shaOf(pull.base)))
  return { base, head: hub.git.filesOf(pull.head) }
}

/** What a pull request changes since its branch left its base; a file that moved unchanged is a rename. */
export function changedFiles(hub: Hub, pull: HubPull): Json[] {
  const { base, head } = sides(hub, pull)
  const shaAt = (files: typeof head, path: string) => hub.git.blob(files.get(path)?.content ?? Buffer.alloc(0))
  const gone = [...base.keys()].filter((path) => !head.has(path))
  const moved = new Map<string, string>()
  for (const path of head.keys()) {
    const from = base.has(path) ? undefined : gone.find((old) => shaAt(base, old) === shaAt(head, path))
    if (from !== undefined) moved.set(path, from)
  }
  const entry = (filename: string, status: string, more: Json = {}) => ({ ...leastOf('diff-entry'), filename, status, ...more })
  return [...new Set([...base.keys(), ...head.keys()])].sort().flatMap((path): Json[] => {
    if (moved.has(path)) return [entry(path, 'renamed', { sha: shaAt(head, path), previous_filename: moved.get(path) })]
    if ([...moved.values()].includes(path)) return []
    if (!head.has(path)) return [entry(path, 'removed', { sha: shaAt(base, path) })]
    if (!base.has(path)) return [entry(path, 'added', { sha: shaAt(head, path) })]
    return shaAt(base, path) === shaAt(head, path) ? [] : [entry(path, 'modified', { sha: shaAt(head, path) })]
  })
}

/** Whether a line of the new side is in the diff: changed, or at most three lines from what is. */
export function linesInDiff(hub: Hub, pull: HubPull): (path: string, line: number) => boolean {
  const { base, head } = sides(hub, pull)
  return (path, line) => {
    const [before, after] = [linesOf(base.get(path)?.content), linesOf(head.get(path)?.content)]
    const changed = after.flatMap((text, index) => (before[index] === text ? [] : [index + 1]))
    return line <= after.length && changed.some((one) => Math.abs(one - line) <= 3)
  }
}
