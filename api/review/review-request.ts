import type { Review } from '../../schema/review.ts'
import { readRevision } from '../../store/revisions.ts'
import type { ApiPorts } from '../ports.ts'
import { reviewPage, type ShownRun } from './review-page.ts'
import type { ReviewRequest } from './review-provider.ts'

/** What the pull request of a waiting run is made of. */
export async function reviewRequest(ports: Pick<ApiPorts, 'store' | 'artifacts'>, shown: ShownRun): Promise<ReviewRequest> {
  const { run } = shown
  const folder = `servers/${run.serverId}`
  const prefix = `runs/${run.id}/`
  const [keys, revision, plan] = await Promise.all([
    ports.artifacts.list(`${prefix}terraform/`),
    readRevision(ports.store, run.serverId, run.serverUid, run.revision),
    ports.artifacts.readText(`${prefix}plan.md`),
  ])
  const generated = await Promise.all(
    keys.map(async (key) => [`${folder}/${key.slice(`${prefix}terraform/`.length)}`, (await ports.artifacts.readText(key)) ?? ''] as const),
  )
  const files = {
    ...(revision && { [`${folder}/definition.json`]: `${JSON.stringify(revision.definition, undefined, 2)}\n` }),
    ...Object.fromEntries(generated),
    [`${folder}/plan.md`]: plan ?? `# ${run.id}\n`,
  }
  return {
    runId: run.id,
    serverId: run.serverId,
    files,
    page: reviewPage(shown),
    createdBy: run.createdBy,
    createdAt: run.createdAt,
    ...(run.proposal && { proposal: run.proposal }),
  }
}

/** What is kept of a pull request that was just opened. */
export function newReview(
  { runId, serverId, proposal }: ReviewRequest,
  opened: Pick<Review, 'branch' | 'commit' | 'number' | 'url'>,
  kept: Pick<Review, 'provider' | 'shown' | 'createdAt'>,
): Review {
  return {
    format: 1,
    runId,
    serverId,
    ...opened,
    ...kept,
    proposed: proposal !== undefined,
    ended: false,
    version: 0,
    updatedAt: kept.createdAt,
  }
}
