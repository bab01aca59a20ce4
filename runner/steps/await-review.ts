import { transitionRun } from '../../store/transition-run.ts'
import type { RunContext } from '../run-context.ts'
import type { PreparedPlan } from './prepare-plan.ts'

/** Leaves the plan to people: the build ends, and whoever approves has another one started. */
export async function awaitReview(context: RunContext, { saved, review }: PreparedPlan): Promise<void> {
  const { report, store, current, contract } = context
  const { reasons, policy } = review.hold
  const until = new Date(Date.now() + contract.review.expiresAfterSeconds * 1000).toISOString()
  report.event('run.awaiting-review', `The plan waits for review until ${until}: ${reasons.join('; ')}`, { policy, reasons, until })
  await report.flush()
  current.run = await transitionRun(store, current.run, 'AWAITING_REVIEW', { plan: saved, hold: { reasons, until } })
}
