import { publishApi } from '../../aws/publish.ts'
import { acquireLease, releaseLease } from '../../store/leases.ts'
import { pause } from '../pause.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

const leaseSeconds = 600
const renewMilliseconds = 60_000

/**
 * Keeps every other run from making a snapshot of the REST API while `act` goes on: a snapshot is of every server's routes,
 * also of those that lead to tasks which cannot answer yet.
 */
export async function holdPublishing<T>(context: RunContext, act: () => Promise<T>): Promise<T> {
  const { contract, store, signal } = context
  const { id: runId } = context.current.run
  const lease = `publish#${contract.api.id}`
  const take = () => acquireLease(store, lease, runId, leaseSeconds)
  while (!(await take())) await pause(1000, signal)
  const renewal = setInterval(() => void take().catch(() => false), renewMilliseconds)
  try {
    return await act()
  } finally {
    clearInterval(renewal)
    await releaseLease(store, lease, runId)
  }
}

/** Makes the REST API's live snapshot anew; one run at a time. */
export const publish = (context: RunContext): Promise<void> => holdPublishing(context, () => publishHeld(context))

/** The same for a run that keeps the others from publishing already. */
export async function publishHeld({ clients, contract, current, signal, report }: RunContext): Promise<void> {
  try {
    const deployment = await publishApi(clients.apiGateway, {
      restApiId: contract.api.id,
      stage: contract.api.stage,
      runId: current.run.id,
      signal,
      onRetry: (reason) => report.event('publish.retried', `API Gateway: ${reason}; trying again`),
    })
    report.event('publish.done', `Deployment ${deployment} is live on stage ${contract.api.stage}`, { deployment })
  } catch (cause) {
    signal.throwIfAborted()
    throw new RunFailure('PUBLISH_FAILED', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
