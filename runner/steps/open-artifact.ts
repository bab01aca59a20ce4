import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContract } from '../../aws/contract.ts'
import { getObject } from '../../aws/objects.ts'
import type { ApprovedPlan } from '../../schema/review.ts'
import type { Run, SavedPlan } from '../../schema/run.ts'
import { readServer } from '../../store/servers.ts'
import { sha256, unpackFiles } from '../archive.ts'
import { lockFile, type Project, planFile, stackDirectory } from '../project.ts'
import { type RunContext, stackName } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { readStateBase } from '../state-base.ts'

const stale = (what: string, got: string | number, expected: string | number): RunFailure =>
  new RunFailure('STALE_PLAN', `Nothing was applied: ${what} is ${got}, the reviewed plan expects ${expected}. Start a new run.`)

const same = (what: string, got: string | number, expected: string | number): void => {
  if (got !== expected) throw stale(what, got, expected)
}

/** Unpacks the reviewed plan where nothing of its making is left; refuses one of which a byte is not what was reviewed. */
export async function openArtifact(context: RunContext, plan: SavedPlan): Promise<Project> {
  const object = await getObject(context.clients.s3, context.contract.stateBucket, plan.artifactKey)
  if (!object) throw new RunFailure('STALE_PLAN', `Nothing was applied: the artifact ${plan.artifactKey} does not exist any more.`)
  same("the artifact's SHA-256", sha256(object.body), plan.artifactSha256)
  const project = { directory: join(context.directory, 'apply'), stack: stackName(context.server.id) }
  await unpackFiles(object.body, project.directory)
  const directory = stackDirectory(project)
  same("the plan's SHA-256", sha256(await readFile(join(directory, planFile))), plan.planSha256)
  same("the lock file's SHA-256", sha256(await readFile(join(directory, lockFile))), plan.lockSha256)
  return project
}

/** What the plan was made against and approved for must still be so. Asked last of all before Terraform may start. */
export async function refuseChangedWorld(context: RunContext, plan: SavedPlan): Promise<void> {
  const { store, clients, config, server } = context
  const { run } = context.current
  if (run.approval) refuseOtherThanApproved(run, plan, run.approval.plan)
  const [base, now, { sha256: contract }] = await Promise.all([
    readStateBase(context),
    readServer(store, server.id),
    readContract(clients.ssm, config.platform),
  ])
  same("the state's serial", base.serial, plan.baseSerial)
  same("the state's lineage", base.lineage, plan.lineage)
  same("the platform contract's SHA-256", contract, plan.contractSha256)
  same("the server's uid", now?.uid ?? 'none', run.serverUid)
  // A delete takes away what was applied, whatever was wanted since.
  if (run.type === 'apply') same("the server's revision", now?.revision ?? 0, run.revision)
  same('the applying run', now?.applyingRunId ?? 'none', run.id)
  same('the generation', now?.generation ?? -1, run.generation ?? -1)
  same('the generation before this apply', (run.generation ?? 0) - 1, plan.generation ?? -1)
}

/** What is about to be applied must be what the approval names, element by element. */
function refuseOtherThanApproved(run: Run, plan: SavedPlan, approved: ApprovedPlan): void {
  same("the plan's SHA-256", plan.planSha256, approved.planSha256)
  same("the lock file's SHA-256", plan.lockSha256, approved.lockSha256)
  same("the platform contract's SHA-256", plan.contractSha256, approved.contractSha256)
  same("the state's serial", plan.baseSerial, approved.baseSerial)
  same("the state's lineage", plan.lineage, approved.lineage)
  same("the server's uid", run.serverUid, approved.serverUid)
  same("the server's revision", run.revision, approved.revision)
  same('the generation', plan.generation ?? -1, approved.generation)
}
