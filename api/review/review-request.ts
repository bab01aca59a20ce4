import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { readRevision } from '../../store/revisions.ts'
import type { ApiPorts } from '../ports.ts'
import { reviewPage, type ShownRun } from './review-page.ts'
import type { ReviewRequest } from './review-provider.ts'

/** What the pull request of a waiting run is made of. */
export async function reviewRequest(ports: Pick<ApiPorts, 'store' | 'artifacts'>, shown: ShownRun): Promise<ReviewRequest> {
  const { run } = shown
  const folder = `servers/${run.serverId}`
  const [made, plan] = await Promise.all([
    run.type === 'delete' ? {} : filesMade(ports, run, folder),
    ports.artifacts.readText(`runs/${run.id}/plan.md`),
  ])
  const files = { ...made, [`${folder}/plan.md`]: plan ?? `# ${run.id}\n` }
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

/** The definition and the Terraform of a run; a delete has them too, but nothing of them is to stay. */
async function filesMade(
  { store, artifacts }: Pick<ApiPorts, 'store' | 'artifacts'>,
  run: Run,
  folder: string,
): Promise<Record<string, string>> {
  const prefix = `runs/${run.id}/terraform/`
  const [keys, revision] = await Promise.all([artifacts.list(prefix), readRevision(store, run.serverId, run.serverUid, run.revision)])
  const generated = keys.map(async (key) => [`${folder}/${key.slice(prefix.length)}`, (await artifacts.readText(key)) ?? ''] as const)
  return {
    ...(revision && { [`${folder}/definition.json`]: `${JSON.stringify(revision.definition, undefined, 2)}\n` }),
    ...Object.fromEntries(await Promise.all(generated)),
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
