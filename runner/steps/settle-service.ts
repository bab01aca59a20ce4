import { readServiceEvents } from '../../aws/service-events.ts'
import type { RunContext } from '../run-context.ts'
import { serviceName } from '../server-names.ts'
import { serviceQuestions } from '../service-questions.ts'
import { waitForSteadyState } from './wait-for-steady-state.ts'

const mostEvents = 20

/** Waits for the service, and tells what ECS said meanwhile, however it ends. */
export async function settleService(context: RunContext): Promise<void> {
  const { signal, enabled } = context
  try {
    await waitForSteadyState(serviceQuestions(context), { signal, stopped: !enabled })
  } finally {
    await tellEvents(context)
  }
}

async function tellEvents({ clients, contract, server, startedAt, report }: RunContext): Promise<void> {
  const service = serviceName(contract.platform, server.id)
  const events = await readServiceEvents(clients.ecs, contract.cluster.name, service, startedAt).catch(() => [])
  if (events.length > 0) report.event('service.events', 'What ECS said meanwhile', { events: events.slice(-mostEvents) })
}
