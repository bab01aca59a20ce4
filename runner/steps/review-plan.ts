import type { PlanReview } from '../../schema/plan-review.ts'
import { readRevision } from '../../store/revisions.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'
import { decideHold } from '../gate.ts'
import { makePlanReview, type ShownPlan } from '../plan-review/make-plan-review.ts'
import { type Project, planFile, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import type { MadePlan } from './make-plan.ts'

/** The plan as people read it, with what holds it. Throws POLICY_DENIED where a rule of the platform team forbids it. */
export async function reviewPlan(context: RunContext, project: Project, plan: MadePlan): Promise<PlanReview> {
  const { server, contract, definition, current } = context
  const [shown, previous, next] = await Promise.all([
    show(context, project),
    revisionAsSent(context, server.appliedRevision),
    revisionAsSent(context, current.run.revision),
  ])
  const review = makePlanReview({
    run: current.run,
    serverName: server.name,
    planSha256: plan.planSha256,
    shown,
    previous,
    next: current.run.type === 'delete' ? undefined : next,
    tools: server.tools?.map(({ name }) => name),
  })
  const hold = decideHold({
    policies: [contract.defaults.review, definition?.review],
    firstCreation: server.appliedRevision === undefined,
    proposal: current.run.proposal,
    plan: review,
  })
  return { ...review, hold }
}

async function revisionAsSent({ store, server }: RunContext, number: number | undefined): Promise<Record<string, unknown> | undefined> {
  const revision = number === undefined ? undefined : await readRevision(store, server.id, server.uid, number)
  return revision && { ...revision.definition, enabled: revision.enabled }
}

async function show(context: RunContext, project: Project): Promise<ShownPlan> {
  const { done } = startTerraform({
    terraform: context.config.programs.terraform,
    args: ['show', '-json', planFile],
    cwd: stackDirectory(project),
    env: context.terraformEnvironment,
    signal: context.signal,
  })
  const { exitCode, stdout, stderr } = await done
  context.signal.throwIfAborted()
  if (exitCode !== 0) throw new RunFailure('PLAN_FAILED', `terraform show ended with exit code ${exitCode}: ${stderr.trim()}`)
  return JSON.parse(stdout) as ShownPlan
}
