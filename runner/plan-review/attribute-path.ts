/** A list's index, an attribute's name, or the key of a map. */
export type Step = number | string | { readonly key: string }

const identifier = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** As Terraform writes it: `health_check[0].interval`, `tags["a"]`. */
export function formatPath(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => path + formatStep(step, path === ''), '')
}

function formatStep(step: Step, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`
  if (typeof step === 'object') return `[${JSON.stringify(step.key)}]`
  if (!identifier.test(step)) return `[${JSON.stringify(step)}]`
  return first ? step : `.${step}`
}

/** Whether `steps` lead to what `prefix` names, or into it; the prefix is one of Terraform's plain lists. */
export const isWithin = (steps: readonly Step[], prefix: readonly (string | number)[]): boolean =>
  prefix.every((step, index) => {
    const own = steps[index]
    return (typeof own === 'object' ? own.key : own) === step
  })
