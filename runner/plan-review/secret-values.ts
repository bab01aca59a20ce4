import type { ShownPlan, ShownValues } from './shown-plan.ts'

/** Below this a text is no secret but a word, and would cover half of the plan. */
const leastMaskedLength = 8
const leastVariableLength = 4

/** The texts that a plan's masks and its sensitive variables hide: wherever else they turn up, they stay hidden. */
export function secretValues(shown: ShownPlan): string[] {
  const declared = shown.configuration?.root_module?.variables ?? {}
  const variables = Object.entries(declared).flatMap(([name, variable]) =>
    variable.sensitive ? [...textsIn(shown.variables?.[name]?.value), ...textsIn(variable.default)] : [],
  )
  const changes = [...(shown.resource_changes ?? []).map(({ change }) => change), ...Object.values(shown.output_changes ?? {})]
  const masked = changes.flatMap(maskedTexts).filter((text) => text.length >= leastMaskedLength)
  const found = new Set([...variables.filter((text) => text.length >= leastVariableLength), ...masked])
  // The longest first: none is covered in part because a piece of it was.
  return [...found].sort((a, b) => b.length - a.length)
}

const maskedTexts = ({ before, after, before_sensitive, after_sensitive }: ShownValues): string[] => [
  ...textsUnder(before, before_sensitive),
  ...textsUnder(after, after_sensitive),
]

function textsUnder(value: unknown, mask: unknown): string[] {
  if (mask === true) return textsIn(value)
  if (typeof mask !== 'object' || mask === null || typeof value !== 'object' || value === null) return []
  return Object.entries(mask).flatMap(([name, inner]) => textsUnder((value as Record<string, unknown>)[name], inner))
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}
