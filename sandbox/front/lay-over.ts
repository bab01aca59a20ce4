import type { ServiceFacts } from './service-truth.ts'
import { toJson } from './to-json.ts'

type Json = Record<string, unknown>

/** The emulator's service with the agent's facts over it. */
export function layOver(service: Json, facts: ServiceFacts): Json {
  const pretended = (service.deployments as Json[] | undefined) ?? []
  const left = facts.deployments.map((deployment) => toJson(deployment) as Json)
  const deployments = pretended.map((deployment) => {
    const index = left.findIndex(({ taskDefinition }) => taskDefinition === deployment.taskDefinition)
    return index < 0 ? deployment : { ...deployment, ...left.splice(index, 1)[0] }
  })
  const alive = facts.runningCount + facts.pendingCount + (facts.stoppingCount ?? 0)
  return {
    ...service,
    // The emulator calls a service INACTIVE as soon as it is deleted.
    status: service.status === 'INACTIVE' && alive > 0 ? 'DRAINING' : service.status,
    runningCount: facts.runningCount,
    pendingCount: facts.pendingCount,
    deployments: [...deployments, ...left],
    events: toJson(facts.events),
  }
}
