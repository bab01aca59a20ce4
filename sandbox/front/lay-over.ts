import type { ServiceFacts } from './service-truth.ts'
import { toJson } from './to-json.ts'

type Json = Record<string, unknown>

/** The emulator's service with the agent's facts over it. */
export function layOver(service: Json, facts: ServiceFacts): Json {
  const pretended = (service.deployments as Json[] | undefined) ?? []
  // The emulator keeps the deployment that made the service, whatever the service runs by now.
  const real = facts.deployments.map((deployment) => {
    const like = pretended.find(({ taskDefinition }) => taskDefinition === deployment.taskDefinition) ?? pretended[0]
    return { ...like, ...(toJson(deployment) as Json) }
  })
  const alive = facts.runningCount + facts.pendingCount + (facts.stoppingCount ?? 0)
  return {
    ...service,
    // The emulator calls a service INACTIVE as soon as it is deleted.
    status: service.status === 'INACTIVE' && alive > 0 ? 'DRAINING' : service.status,
    runningCount: facts.runningCount,
    pendingCount: facts.pendingCount,
    deployments: real.length > 0 ? real : pretended,
    events: toJson(facts.events),
  }
}
