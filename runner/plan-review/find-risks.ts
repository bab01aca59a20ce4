import type { Risk, RiskKind } from '../../schema/plan-review.ts'
import { attributesOf } from './attributes-of.ts'
import { dataLoss } from './data-loss.ts'
import { downtime } from './downtime.ts'
import { exposure } from './exposure.ts'
import { iamWidening } from './iam-widening.ts'
import { ingressOf } from './ingress.ts'
import { rebinding } from './rebinding.ts'
import { resourcesOf, type ShownPlan } from './shown-plan.ts'

export interface RiskOptions {
  /** Nothing of the server was ever applied: what Gantry makes for it has nothing to be compared with. */
  readonly first: boolean
  /** Security groups of the platform that servers are meant to admit. */
  readonly platformSecurityGroups: readonly string[]
}

const order: readonly RiskKind[] = ['data-loss', 'downtime', 'iam-widening', 'exposure', 'rebinding']

/** What a reviewer must not overlook, the worst first. */
export function findRisks(shown: ShownPlan, { first, platformSecurityGroups }: RiskOptions): Risk[] {
  const changes = (shown.resource_changes ?? []).filter(({ mode }) => mode === 'managed')
  const state = resourcesOf(shown.prior_state?.values?.root_module)
  const own = state.filter(({ type }) => type === 'aws_security_group').map(({ values }) => String(attributesOf(values).id))
  const scope = {
    before: state.flatMap(({ type, values }) => ingressOf(type, values)),
    trusted: new Set([...platformSecurityGroups, ...own]),
    first,
  }
  const found = [
    ...changes.flatMap(dataLoss),
    ...downtime(changes),
    ...changes.flatMap((change) => [
      ...(first ? [] : iamWidening(change)),
      ...exposure(change, scope),
      ...(first ? [] : rebinding(change)),
    ]),
  ]
  return order.flatMap((kind) => found.filter((risk) => risk.kind === kind))
}
