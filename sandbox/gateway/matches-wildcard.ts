const compiled = new Map<string, RegExp>()
const kept = 2000

function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known) return known
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${escaped}$`, 's')
  if (compiled.size >= kept) compiled.clear()
  compiled.set(pattern, expression)
  return expression
}

/** Whether `text` matches a pattern in which `*` is any run of characters and `?` one. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return expressionOf(pattern).test(text)
}
