import { auditServer } from '../../aws/audit-server.ts'
import { tailLogs } from '../../aws/logs.ts'
import { removeManagedSecrets } from '../../aws/managed-secrets.ts'
import { deleteObject, deleteObjectIfUnchanged } from '../../aws/objects.ts'
import { deleteTaskDefinitions } from '../../aws/task-definitions.ts'
import { coverCredentials } from '../../schema/credential-shapes.ts'
import { managedSecrets } from '../../schema/managed-secret.ts'
import { stateKey } from '../../schema/state-key.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { listRuns } from '../../store/runs.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { dropRawPlan } from '../drop-raw-plan.ts'
import { loadBalancerMode } from '../load-balancer-mode.ts'
import { pause } from '../pause.ts'
import type { Project } from '../project.ts'
import { appliedKey, artifactFile, type RunContext, runKey } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { logGroup, serviceName } from '../server-names.ts'
import { readState } from '../state-base.ts'
import { adoptByImport } from './adopt-orphans.ts'
import { appliedProject } from './applied-project.ts'
import { applyPlan } from './apply-plan.ts'
import { awaitReview } from './await-review.ts'
import { initialize } from './initialize.ts'
import { type PreparedPlan, preparePlan } from './prepare-plan.ts'
import { publish } from './publish.ts'
import { synthesize } from './synthesize.ts'

const keptLogLines = 100
/** Some services go on listing for a while what they have deleted. */
const auditTries = 12
const auditPauseMilliseconds = 5000

/** Destroys what was last applied, proves that nothing is left, and ends the server's record. */
export async function deleteServer(context: RunContext): Promise<void> {
  const { report, store, current } = context
  const approved = current.run.approval && current.run.plan
  const prepared = approved ? undefined : await planDeletion(context)
  if (prepared && prepared.review.hold.reasons.length > 0) return awaitReview(context, prepared)
  const plan = approved ?? prepared?.saved
  current.run = (await beginApply(store, { run: current.run, serverTo: 'DELETING', ...(plan && { plan }) })).run
  await keepLastLogs(context)
  if (plan?.changes) await applyPlan(context, plan)
  if (plan && (plan.routes || loadBalancerMode(context) === 'dedicated')) {
    current.run = await transitionRun(store, current.run, 'PUBLISHING')
    await report.step('publish', 'The routes go away', () => publish(context))
  }
  await report.step('secrets', 'Its managed secrets go', () => removeSecrets(context))
  await report.step('audit', 'AWS is asked, service by service, for anything left', () => proveNothingIsLeft(context))
  await removeState(context)
  await removeLeftPlans(context)
  report.event('run.succeeded', `${context.server.name} is gone; AWS has nothing of it left`)
  await Promise.all([report.flush(), dropRawPlan(context)])
  current.run = (await finishServer(store, { run: current.run, to: 'GONE' })).run
}

/** What was last applied; without it what the revision says, and without that nothing was ever made. */
async function projectToDestroy(context: RunContext): Promise<Project | undefined> {
  const applied = await appliedProject(context)
  if (applied) return applied
  const state = await readState(context)
  return state ? synthesize(context) : undefined
}

async function planDeletion(context: RunContext): Promise<PreparedPlan | undefined> {
  const project = await context.report.step('files', 'The files last applied are fetched', () => projectToDestroy(context))
  if (!project) return undefined
  if (context.server.generation > 0) {
    await initialize(context, project, { locked: false })
    await adoptByImport(context, project)
  }
  return preparePlan(context, project, { destroy: true })
}

async function keepLastLogs({ clients, contract, server, report }: RunContext): Promise<void> {
  const lines = await tailLogs(clients.logs, { logGroup: logGroup(contract.platform, server.id), lines: keptLogLines })
  if (lines.length > 0)
    report.event('server.logs', `The last ${lines.length} log lines before the server goes`, {
      lines: lines.map(({ message }) => coverCredentials(message)),
    })
}

function removeSecrets({ clients, contract, server, definition }: RunContext): Promise<void> {
  const owner = { platform: contract.platform, serverId: server.id, uid: server.uid }
  return removeManagedSecrets(clients.secrets, owner, definition ? managedSecrets(definition) : [])
}

async function proveNothingIsLeft(context: RunContext): Promise<void> {
  const { clients, contract, server } = context
  await deleteTaskDefinitions(clients.ecs, serviceName(contract.platform, server.id))
  for (let attempt = 1; ; attempt += 1) {
    const left = await auditServer(clients, contract, server.id)
    if (left.length === 0) return
    if (attempt === auditTries) {
      const names = left.map(({ type, importId }) => `${type} ${importId}`).join(', ')
      throw new RunFailure('APPLY_FAILED', `After the destroy AWS still has: ${names}. Start the delete again, or remove them.`)
    }
    await pause(auditPauseMilliseconds, context.signal)
  }
}

async function removeState(context: RunContext): Promise<void> {
  const { clients, contract, server } = context
  const state = await readState(context)
  if (state) {
    if (state.addresses.length > 0) throw new RunFailure('APPLY_FAILED', `The state still holds ${state.addresses.join(', ')}.`)
    const deleted = await deleteObjectIfUnchanged(clients.s3, contract.stateBucket, stateKey(server), state.etag)
    if (!deleted) throw new RunFailure('APPLY_FAILED', 'The state changed while the server was deleted.')
  }
  await deleteObject(clients.s3, contract.stateBucket, appliedKey(server))
}

/** A run removes its own raw plan when it ends; one that was killed could not. */
async function removeLeftPlans({ clients, contract, server, store }: RunContext): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await listRuns(store, { serverId: server.id, limit: 100, ...(cursor ? { cursor } : {}) })
    const killed = page.items.filter(({ error }) => error?.code === 'RUNNER_LOST')
    await Promise.all(killed.map(({ id }) => deleteObject(clients.s3, contract.stateBucket, runKey(id, artifactFile))))
    cursor = page.cursor
  } while (cursor)
}
