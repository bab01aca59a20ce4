import { getObject } from '../../aws/objects.ts'
import { PlanReview } from '../../schema/plan-review.ts'
import { type RunContext, reviewFile, runKey } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** What people have read of the run's plan. Throws STALE_PLAN where it is gone. */
export async function readReview({ clients, contract, current }: RunContext): Promise<PlanReview> {
  const object = await getObject(clients.s3, contract.stateBucket, runKey(current.run.id, reviewFile))
  if (!object) throw new RunFailure('STALE_PLAN', 'Nothing was applied: the reviewed plan does not exist any more. Start a new run.')
  return PlanReview.parse(JSON.parse(object.body.toString('utf8')))
}
