import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Run } from '../../schema/run.ts'
import { readReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { ReviewView, type RunDetail, runView } from '../views.ts'

/** One run as it is stored; for the verbs that ask about a run. */
export async function getRun(ports: ApiPorts, principal: Principal, id: string): Promise<Run> {
  authorise(principal, 'run:read')
  const run = /^[0-9A-Za-z]{1,64}$/.test(id) ? await readRun(ports.store, id) : undefined
  if (!run) throw new GantryError('NOT_FOUND', `There is no run ${JSON.stringify(id)}.`)
  return run
}

/** One run as callers see it, with its pull request. */
export async function showRun(ports: ApiPorts, principal: Principal, id: string): Promise<RunDetail> {
  const run = await getRun(ports, principal, id)
  const review = await readReview(ports.store, run.id)
  return { ...runView(run), ...(review && { review: ReviewView.strip().parse(review) }) }
}
