/** All pages of a list, one after the other. */
export async function listAll<T>(
  read: (page: { per_page: number; page: number }) => Promise<{ data: T[]; headers: { link?: string } }>,
): Promise<T[]> {
  const all: T[] = []
  for (let page = 1; ; page++) {
    const { data, headers } = await read({ per_page: 100, page })
    all.push(...data)
    if (!headers.link?.includes('rel="next"')) return all
  }
}
