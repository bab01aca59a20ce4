import { Scalar } from 'yaml'

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character)

/**
 * Where the `position`th character of a scalar's value stands in the file. Quotes, escapes, folding and indentation make the two
 * differ: both are walked side by side.
 */
export function sourceOffset(source: string, node: Scalar<string>, position: number): number {
  const [start, end] = node.range ?? [0, 0]
  let at = contentStart(source, node, start)
  for (let index = 0; at < end; ) {
    if (isSpace(node.value[index]) && isSpace(source[at])) {
      while (index < position && isSpace(node.value[index])) index++
      if (index === position && isSpace(node.value[index])) return at
      while (at < end && isSpace(source[at])) at++
    } else if (isSpace(source[at]) || node.value[index] !== source[at]) at++
    else if (index === position) return at
    else {
      index++
      at++
    }
  }
  return Math.max(start, end - 1)
}

function contentStart(source: string, { type }: Scalar, start: number): number {
  if (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) return source.indexOf('\n', start) + 1
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? start + 1 : start
}
