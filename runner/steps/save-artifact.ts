import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { putObject } from '../../aws/objects.ts'
import type { PlanReview } from '../../schema/plan-review.ts'
import type { SavedPlan } from '../../schema/run.ts'
import { packFiles, sha256 } from '../archive.ts'
import type { PresentedPlan } from '../plan-review/present-plan.ts'
import { lockFile, outputDirectory, type Project, planFile, stackDirectory, synthesizedFiles } from '../project.ts'
import { artifactFile, type RunContext, reviewFile, runKey } from '../run-context.ts'
import type { MadePlan } from './make-plan.ts'

const archive = 'application/gzip'
const plain = 'text/plain; charset=utf-8'

/** Paths inside the project directory that make the stack again. */
export async function projectFiles(project: Project): Promise<string[]> {
  const stack = join(outputDirectory, 'stacks', project.stack)
  const files = await synthesizedFiles(project)
  return ['cdktf.json', join(outputDirectory, 'manifest.json'), ...[...files, lockFile].map((file) => join(stack, file))]
}

const countsOf = ({ counts: { import: _, ...counts } }: PlanReview): SavedPlan['counts'] => counts

/** Keeps what a later apply needs, and nothing else: the plan, its lock file and the files it was made of. */
export async function saveArtifact(context: RunContext, project: Project, plan: MadePlan, presented: PresentedPlan): Promise<SavedPlan> {
  const { clients, contract, contractSha256, server } = context
  const { review, markdown, text } = presented
  const { id: runId } = context.current.run
  const files = await projectFiles(project)
  const artifact = await packFiles(project.directory, [...files, join(outputDirectory, 'stacks', project.stack, planFile)])
  const artifactKey = runKey(runId, artifactFile)
  const put = (key: string, body: Buffer | string, type: string): Promise<void> =>
    putObject(clients.s3, contract.stateBucket, key, body, type)
  const generated = await synthesizedFiles(project)
  await Promise.all([
    put(artifactKey, artifact, archive),
    put(runKey(runId, reviewFile), JSON.stringify(review), 'application/json'),
    put(runKey(runId, 'plan.md'), markdown, plain),
    put(runKey(runId, 'plan.txt'), text, plain),
    ...generated.map(async (file) => put(runKey(runId, `terraform/${file}`), await readFile(join(stackDirectory(project), file)), plain)),
  ])
  return {
    artifactKey,
    artifactSha256: sha256(artifact),
    planSha256: plan.planSha256,
    lockSha256: plan.lockSha256,
    contractSha256,
    baseSerial: plan.base.serial,
    lineage: plan.base.lineage,
    generation: server.generation,
    changes: plan.changes,
    routes: review.changes.some((change) => change.type.startsWith('aws_api_gateway_')),
    counts: countsOf(review),
  }
}
