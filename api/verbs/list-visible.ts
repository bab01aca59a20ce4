import type { Page } from '../../store/page.ts'
import { openCursor, sealCursor } from '../cursor.ts'

const mostReads = 10

/**
 * One page of what passes `visible`: reads until it is full, none of which fetches more than still fits, so the cursor always
 * stands right behind the last item shown or hidden. A page may be short, or empty, where much is hidden.
 */
export async function listVisible<T>(
  list: string,
  options: { cursor?: string | undefined; limit: number },
  read: (page: { cursor?: string; limit: number }) => Promise<Page<T>>,
  visible: (item: T) => boolean = () => true,
): Promise<{ items: T[]; cursor?: string }> {
  const items: T[] = []
  let position = openCursor(list, options.cursor)
  let reads = 0
  do {
    reads += 1
    const page = await read({ limit: options.limit - items.length, ...(position !== undefined && { cursor: position }) })
    items.push(...page.items.filter(visible))
    position = page.cursor
  } while (position !== undefined && items.length < options.limit && reads < mostReads)
  const cursor = sealCursor(list, position)
  return { items, ...(cursor !== undefined && { cursor }) }
}
