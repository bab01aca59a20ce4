import { publishApi } from '../../aws/publish.ts'
import { acquireLease, releaseLease } from '../../store/leases.ts'
import { pause } from '../pause.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

const leaseSeconds = 600

/** Makes the REST API's live snapshot anew; one run at a time, for a snapshot is of every server's routes. */
export async function publish(context: RunContext): Promise<void> {
  const { clients, contract, store, signal, report } = context
  const { id: runId } = context.current.run
  const lease = `publish#${contract.api.id}`
  while (!(await acquireLease(store, lease, runId, leaseSeconds))) await pause(1000, signal)
  try {
    const deployment = await publishApi(clients.apiGateway, {
      restApiId: contract.api.id,
      stage: contract.api.stage,
      runId,
      signal,
      onRetry: (reason) => report.event('publish.retried', `API Gateway: ${reason}; trying again`),
    })
    report.event('publish.done', `Deployment ${deployment} is live on stage ${contract.api.stage}`, { deployment })
  } catch (cause) {
    signal.throwIfAborted()
    throw new RunFailure('PUBLISH_FAILED', cause instanceof Error ? cause.message : String(cause), { cause })
  } finally {
    await releaseLease(store, lease, runId)
  }
}
