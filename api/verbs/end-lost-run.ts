import type { Run, RunError } from '../../schema/run.ts'
import { isTerminal } from '../../schema/run-status.ts'
import { stateKey } from '../../schema/state-key.ts'
import { appendEvent } from '../../store/events.ts'
import { failRun } from '../../store/fail-run.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { dropPlan } from './drop-plan.ts'

/**
 * Ends a run that nothing works on any more: its state lock is freed while it still holds the apply lease, so that nobody
 * else can be applying; then run and server are FAILED in one transaction. False where the run had moved on by itself.
 */
export async function endLostRun(ports: ReconcilerPorts, seen: Run, verdict: { buildEnded: boolean; error: RunError }): Promise<boolean> {
  const run = await readRun(ports.store, seen.id)
  if (!run || isTerminal(run.status) || run.status !== seen.status || run.buildId !== seen.buildId) return false
  const server = await readServer(ports.store, run.serverId)
  const heldApplyingLease = server?.uid === run.serverUid && server.applyingRunId === run.id
  if (heldApplyingLease) await freeLock(ports, run, verdict.buildEnded)
  const { code, message } = verdict.error
  await appendEvent(ports.store, run.id, { writer: 'reconciler', type: 'run.failed', message, data: { code } })
  await failRun(ports.store, run, verdict.error)
  await dropPlan(ports, run.id)
  return true
}

async function freeLock(ports: ReconcilerPorts, run: Run, buildEnded: boolean): Promise<void> {
  const proof = { runStartedAt: new Date(run.createdAt), heldApplyingLease: true, buildEnded }
  const answer = await ports.freeStateLock(stateKey({ id: run.serverId, uid: run.serverUid }), proof)
  if (!answer.freed && answer.reason === 'there is no lock') return
  const message = answer.freed
    ? `The state lock ${answer.lock.id} (${answer.lock.operation} by ${answer.lock.who}) that the build left was freed.`
    : `The state lock was left alone: ${answer.reason}.`
  await appendEvent(ports.store, run.id, { writer: 'reconciler', type: answer.freed ? 'lock.freed' : 'lock.kept', message })
}
