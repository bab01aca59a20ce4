const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** Of two long texts the reader sees from a little before the place where they part. */
const mostShared = 24

/** Two values as a plan shows them: where one is longer than `mostCharacters`, both are texts with ellipses for what is left out. */
export function cutPair(before: unknown, after: unknown, mostCharacters: number): [unknown, unknown] {
  const texts = [asText(before), asText(after)] as const
  if (texts.every((text) => text.length <= mostCharacters)) return [before, after]
  const shared = before === undefined || after === undefined ? 0 : sharedLength(...texts)
  const start = shared > mostShared * 2 ? shared - mostShared : 0
  const cut = (value: unknown, text: string): unknown => {
    if (value === undefined) return undefined
    const rest = text.slice(start, start + mostCharacters)
    return `${start > 0 ? '…' : ''}${rest}${start + mostCharacters < text.length ? '…' : ''}`
  }
  return [cut(before, texts[0]), cut(after, texts[1])]
}

function sharedLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}
