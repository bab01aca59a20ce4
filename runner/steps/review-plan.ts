import { evaluatePolicies } from '../../policy/evaluate-policies.ts'
import { policyInput } from '../../policy/policy-input.ts'
import type { PolicyFinding } from '../../schema/plan-review.ts'
import { readRevision } from '../../store/revisions.ts'
import { decideHold } from '../gate.ts'
import { listPrices } from '../plan-review/list-prices.ts'
import { makePlanReview, type PlanReviewInput, type SentRevision } from '../plan-review/make-plan-review.ts'
import { type PresentedPlan, presentPlan } from '../plan-review/present-plan.ts'
import type { ShownPlan } from '../plan-review/shown-plan.ts'
import { type Project, planFile } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { showPlanFile } from '../terraform-in.ts'
import type { MadePlan } from './make-plan.ts'
import { type Rules, readRules } from './read-rules.ts'

/** The plan as people read it, with what the platform team's rules say of it and what holds it. */
export async function reviewPlan(context: RunContext, project: Project, plan: MadePlan): Promise<PresentedPlan> {
  const { server, contract, current } = context
  const { run } = current
  const [shown, rules, previous, asked] = await Promise.all([
    showPlanFile<ShownPlan>(context, project, planFile),
    readRules(context),
    server.appliedRevision === undefined ? undefined : revisionAsSent(context, server.appliedRevision),
    revisionAsSent(context, run.revision),
  ])
  const input: Omit<PlanReviewInput, 'policy'> = {
    run,
    serverName: server.name,
    planSha256: plan.planSha256,
    shown,
    ...(previous && { previous }),
    next: (run.type === 'delete' && previous) || asked,
    ...(server.tools && { tools: server.tools.map(({ name }) => name) }),
    platformSecurityGroups: platformGroups(context),
    prices: rules.prices ?? listPrices,
    holdOf: ({ changes, risks }) => holdOf(context, { type: run.type, changes, risks }),
  }
  const policy = askPolicies(context, rules, input)
  return presentPlan({ ...input, policy, planText: plan.text, url: `${contract.publicUrl}/runs/${run.id}/plan` })
}

/** What takes tasks away can break no rule, and must stay possible. */
function askPolicies(
  { definition, enabled, contract, current }: RunContext,
  rules: Rules,
  input: Omit<PlanReviewInput, 'policy'>,
): PolicyFinding[] {
  if (rules.policies.length === 0 || !definition || !enabled || current.run.type === 'delete') return []
  const review = makePlanReview({ ...input, policy: [] })
  return evaluatePolicies(rules.policies, policyInput({ shown: input.shown, review, definition, contract }))
}

const holdOf = ({ contract, definition, server, current }: RunContext, plan: Parameters<typeof decideHold>[0]['plan']) =>
  decideHold({
    policies: [contract.defaults.review, definition?.review],
    firstCreation: server.appliedRevision === undefined,
    proposal: current.run.proposal,
    plan,
  })

const platformGroups = ({ contract: { network, sharedAlb } }: RunContext): string[] =>
  [network.tasksSecurityGroupId, network.vpcLinkSecurityGroupId, sharedAlb.securityGroupId].flatMap((group) => group ?? [])

async function revisionAsSent({ store, server }: RunContext, number: number): Promise<SentRevision> {
  const revision = await readRevision(store, server.id, server.uid, number)
  return { definition: revision?.definition ?? {}, enabled: revision?.enabled ?? false }
}
