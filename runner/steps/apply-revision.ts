import { settledStatuses } from '../../schema/server-status.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { dropRawPlan } from '../drop-raw-plan.ts'
import { isDedicated } from '../load-balancer-mode.ts'
import type { RunnerPorts } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { adoptByPlan } from './adopt-orphans.ts'
import { applyPlan } from './apply-plan.ts'
import { preparePlan } from './prepare-plan.ts'
import { publish } from './publish.ts'
import { synthesize } from './synthesize.ts'

/** A server is verified anew unless it is known to work: FAILED and CREATING are not. */
const isKnownGood = ({ server }: RunContext): boolean =>
  server.status !== 'FAILED' && (settledStatuses as readonly string[]).includes(server.status)

/** Brings a server to the run's revision. */
export async function applyRevision(context: RunContext, ports: RunnerPorts): Promise<void> {
  const { report, store, server, current } = context
  const project = await report.step('synth', 'The definition becomes Terraform', () => synthesize(context))
  await adoptByPlan(context, project)
  const { saved, changes } = await preparePlan(context, project, { destroy: false })
  if (!changes && isKnownGood(context)) {
    report.event('run.no-changes', 'Everything is as the definition says already')
    await Promise.all([report.flush(), dropRawPlan(context)])
    current.run = await transitionRun(store, current.run, 'NO_CHANGES', { plan: saved })
    return
  }
  const serverTo = server.status === 'CREATING' ? 'CREATING' : 'UPDATING'
  current.run = (await beginApply(store, { run: current.run, serverTo, plan: saved })).run
  if (changes) await applyPlan(context, saved)
  if (isDedicated(context)) {
    current.run = await transitionRun(store, current.run, 'PUBLISHING')
    await report.step('publish', 'The routes go live', () => publish(context))
  }
  current.run = await transitionRun(store, current.run, 'VERIFYING')
  const verified = await ports.verify(context)
  report.event('run.succeeded', `${server.name} is in service at ${verified.endpoint}`, { endpoint: verified.endpoint })
  await Promise.all([report.flush(), dropRawPlan(context)])
  current.run = (await finishServer(store, { run: current.run, to: 'IN_SERVICE', patch: verified })).run
}
