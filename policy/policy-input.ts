import type { PlatformContract } from '../schema/contract.ts'
import type { Definition } from '../schema/definition.ts'
import type { PlanReview } from '../schema/plan-review.ts'
import type { PolicyInput } from '../schema/policy.ts'
import { resolveDefinition } from '../schema/resolve-definition.ts'
import { plannedResources, type ShownPlan } from './planned-resources.ts'

export interface PolicyInputProps {
  readonly shown: ShownPlan
  readonly review: Pick<PlanReview, 'type' | 'counts' | 'risks' | 'cost' | 'serverId' | 'serverName'>
  readonly definition: Definition
  readonly contract: PlatformContract
}

/** What rules are asked about: the plan of `terraform show -json`, what was found out about it, and what was asked for. */
export function policyInput({ shown, review, definition, contract }: PolicyInputProps): PolicyInput {
  const { type, counts, risks, cost } = review
  return {
    definition: resolveDefinition(definition, contract),
    plan: { resources: plannedResources(shown) },
    review: { type, counts, risks, cost },
    server: { id: review.serverId, name: review.serverName },
    platform: { name: contract.platform, region: contract.region, egress: contract.egress },
  }
}
