import type { ReviewStage } from '../review-provider.ts'
import type { GitHub } from './github.ts'
import { unless } from './status-of.ts'

const ours = 'gantry'
const waiting = 'fbca04'
const under = '1d76db'
const good = '0e8a16'
const bad = 'b60205'
const over = 'cfd3d7'
const colours: Record<ReviewStage, string> = {
  planning: waiting,
  planned: waiting,
  approved: under,
  applying: under,
  live: good,
  failed: bad,
  discarded: over,
  expired: over,
  superseded: over,
}

/** Leaves `gantry` and the stage's label of all that are ours; other people's labels stay. */
export async function setLabels({ call, at }: GitHub, number: number, stage: ReviewStage, now: readonly string[]): Promise<void> {
  const wanted = [ours, `${ours}:${stage}`]
  const missing = wanted.filter((name) => !now.includes(name))
  for (const name of missing) {
    if (await unless([404], call('GET /repos/{owner}/{repo}/labels/{name}', { ...at, name }), undefined)) continue
    const label = { ...at, name, color: colours[stage], description: 'A plan of Gantry' }
    await unless([422], call('POST /repos/{owner}/{repo}/labels', label), undefined)
  }
  const issue = { ...at, issue_number: number }
  if (missing.length > 0) await call('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels: missing })
  const old = now.filter((name) => name.startsWith(`${ours}:`) && !wanted.includes(name))
  for (const name of old)
    await unless([404], call('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', { ...issue, name }), undefined)
}
