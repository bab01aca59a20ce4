import { isJsonObject } from '../../schema/json-object.ts'
import type { AttributeDifference } from './attribute-differences.ts'
import { canonicalJson, readJsonText } from './json-text.ts'
import type { FoundResource } from './shown-refresh.ts'

/** A difference that nobody caused. */
export interface Noise {
  /** Terraform's type; `any` of them. */
  readonly type: string
  /** The attribute's name; `any` of them. */
  readonly attribute: string
  readonly reason: string
  /** Where it holds only sometimes. `resource`: as found; `all`: everything of the server that was found. */
  readonly when?: (
    difference: AttributeDifference,
    resource: FoundResource['values'],
    all: readonly FoundResource[],
    adopted: boolean,
  ) => boolean
}

const repeats = 'it lists what other resources of the server are, which are compared themselves; what none of them explains is drift'

/** Every difference that is not drift; docs/guides/drift.md shows the same table. */
export const noise: readonly Noise[] = [
  {
    type: 'any',
    attribute: 'any',
    reason: 'nothing, an empty text and an empty list are the same: the provider notes what AWS answers only after the first apply',
    when: ({ before, after }) => isEmpty(before) && isEmpty(after),
  },
  {
    type: 'any',
    attribute: 'any',
    reason: 'the same JSON, written otherwise',
    when: ({ before, after }) => isJsonText(before) && isJsonText(after) && sameJson(before, after),
  },
  {
    type: 'any',
    attribute: 'any',
    reason: 'the applied definition says so: it was adopted, and Terraform had nothing to do',
    when: (_, __, ___, adopted) => adopted,
  },
  {
    type: 'any',
    attribute: 'tags',
    reason: 'tags_all has them too, together with those of the whole server',
    when: (_, resource) => isJsonObject(resource.tags_all),
  },
  {
    type: 'aws_ecs_service',
    attribute: 'desired_count',
    reason: 'autoscaling sets it, between minCapacity and maxCapacity of its scalable target',
    when: ({ after }, _, all) => isWithinCapacity(after, all),
  },
  {
    type: 'aws_appautoscaling_policy',
    attribute: 'alarm_arns',
    reason: 'target tracking makes, names and replaces its alarms itself',
  },
  {
    type: 'aws_lb_target_group',
    attribute: 'load_balancer_arns',
    reason: 'listeners and their rules say which load balancer sends to it, and are compared themselves',
  },
  { type: 'aws_security_group', attribute: 'ingress', reason: repeats },
  { type: 'aws_security_group', attribute: 'egress', reason: repeats },
  { type: 'aws_iam_role', attribute: 'inline_policy', reason: repeats },
  { type: 'aws_iam_role', attribute: 'managed_policy_arns', reason: repeats },
]

/** The entry of the table that a difference falls under; `adopted`: the applied definition says what was found. */
export const noiseOf = (
  type: string,
  difference: AttributeDifference,
  resource: FoundResource['values'],
  all: readonly FoundResource[],
  adopted: boolean,
): Noise | undefined =>
  noise.find(
    (entry) =>
      (entry.type === 'any' || entry.type === type) &&
      (entry.attribute === 'any' || entry.attribute === difference.segments[0]) &&
      (entry.when?.(difference, resource, all, adopted) ?? true),
  )

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

const isJsonText = (value: unknown): boolean => typeof readJsonText(value) === 'object' && typeof value === 'string'
const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(readJsonText(a)) === canonicalJson(readJsonText(b))

/** Without a scalable target, and outside of its bounds, it was somebody else. */
function isWithinCapacity(count: unknown, all: readonly FoundResource[]): boolean {
  const target = all.find(({ type }) => type === 'aws_appautoscaling_target')?.values
  const { min_capacity: min, max_capacity: max } = target ?? {}
  return typeof count === 'number' && typeof min === 'number' && typeof max === 'number' && count >= min && count <= max
}
