import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs'

/** What ECS has said about a service since then, oldest first. */
export async function readServiceEvents(ecs: ECSClient, cluster: string, service: string, since: Date): Promise<string[]> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))
  const events = services.flatMap((found) => found.events ?? [])
  return events.flatMap(({ createdAt, message }) => (message && createdAt && createdAt >= since ? [message] : [])).reverse()
}
