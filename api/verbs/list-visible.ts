import type { Page } from '../../store/page.ts'
import { openCursor, sealCursor } from '../cursor.ts'

/**
 * One page of what passes `visible`: as many reads as it takes to fill it, none of which fetches more than still fits,
 * so the cursor always stands right behind the last item shown or hidden.
 */
export async function listVisible<T>(
  list: string,
  options: { cursor?: string | undefined; limit: number },
  read: (page: { cursor?: string; limit: number }) => Promise<Page<T>>,
  visible: (item: T) => boolean = () => true,
): Promise<{ items: T[]; cursor?: string }> {
  const items: T[] = []
  let position = openCursor(list, options.cursor)
  do {
    const page = await read({ limit: options.limit - items.length, ...(position !== undefined && { cursor: position }) })
    items.push(...page.items.filter(visible))
    position = page.cursor
  } while (position !== undefined && items.length < options.limit)
  const cursor = sealCursor(list, position)
  return { items, ...(cursor !== undefined && { cursor }) }
}
