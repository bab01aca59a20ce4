import type { Edge } from '../schema/contract.ts'

/** What Gantry was measured with; on edge `alb` anything older than 6.25 lacks `integration_target`. */
export const preferredConstraint = '~> 6.47.0'
export const fallbackConstraint = '~> 5.100.0'

const numbers = (version: string): [number, number, number] | undefined => {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined
}

/** The edge that a version of the AWS provider can build, or undefined where Gantry cannot use it. */
export function edgeOfVersion(version: string): Edge | undefined {
  const parsed = numbers(version)
  if (!parsed) return undefined
  const [major, minor] = parsed
  if (major === 6 && minor >= 25) return 'alb'
  return major === 5 && minor === 100 ? 'nlb' : undefined
}

/** The pessimistic constraint that keeps a platform on this minor version: `6.47.1` → `~> 6.47.0`. */
export function constraintOfVersion(version: string): string {
  const parsed = numbers(version)
  if (!parsed) throw new RangeError(`Not a provider version: ${version}`)
  return `~> ${parsed[0]}.${parsed[1]}.0`
}

/** Newest usable version first, one that Gantry was measured with before any other of its edge. */
export function byFitness(a: string, b: string): number {
  const rank = (version: string): number => {
    if (constraintOfVersion(version) === preferredConstraint) return 2
    return edgeOfVersion(version) === 'alb' ? 1 : 0
  }
  const left = numbers(a) ?? [0, 0, 0]
  const right = numbers(b) ?? [0, 0, 0]
  return rank(b) - rank(a) || right[0] - left[0] || right[1] - left[1] || right[2] - left[2]
}
