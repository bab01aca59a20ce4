import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { followLogs } from '../../aws/follow-logs.ts'
import { type DeploymentFacts, readService, readStoppedTasks, readTargetHealth, type StoppedTask } from '../../aws/services.ts'
import type { PlatformContract } from '../../schema/contract.ts'
import { resourceName } from '../../schema/names.ts'
import type { StackFacts, StackPort } from '../stack-facts.ts'

const mostEvents = 5

/** What ECS, the load balancer and CloudWatch Logs say of a server. */
export function createServerStack(client: { region: string; endpoint?: string }, contract: () => Promise<PlatformContract>): StackPort {
  const ecs = new ECSClient(client)
  const loadBalancing = new ElasticLoadBalancingV2Client(client)
  const logs = new CloudWatchLogsClient(client)
  return {
    facts: async (serverId) => {
      const { platform, cluster } = await contract()
      const name = resourceName({ platform, serverId, maxLength: 255 })
      const service = await readService(ecs, cluster.name, name)
      if (!service) return { targets: [] }
      const [stopped, ...targets] = await Promise.all([
        readStoppedTasks(ecs, cluster.name, name),
        ...service.targetGroupArns.map((arn) => readTargetHealth(loadBalancing, arn)),
      ])
      const { status, desired, running, pending, deployments, events } = service
      return {
        service: { status, desired, running, pending, deployments: deployments.map(deploymentFacts), events: events.slice(0, mostEvents) },
        ...lastStopped(stopped),
        targets: targets.flat(),
      }
    },
    logs: async (serverId, { after, limit }) => {
      const { platform } = await contract()
      const found = await followLogs(logs, { logGroup: `/gantry/${platform}/${serverId}`, after, lines: limit })
      const lines = found.lines.map(({ at, stream, message }) => {
        const [container = '', , taskId = ''] = stream.split('/')
        return { at: new Date(at).toISOString(), container, taskId, message }
      })
      return { lines, after: found.after }
    },
  }
}

type Service = NonNullable<StackFacts['service']>

function deploymentFacts({ primary, rolloutState, reason }: DeploymentFacts): Service['deployments'][number] {
  return { primary, ...(rolloutState && { rolloutState }), ...(reason && { reason }) }
}

/** A task that a newer one replaced says nothing about why a server does not work. */
function lastStopped(stopped: readonly StoppedTask[]): Pick<StackFacts, 'lastStopped'> {
  const byAge = [...stopped].sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
  const last = byAge.find(({ stopCode }) => stopCode !== 'ServiceSchedulerInitiated') ?? byAge[0]
  if (!last) return {}
  const { taskId, stopCode, reason, stoppedAt } = last
  const containers = last.containers.map((container) => ({
    name: container.name,
    ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
    ...(container.reason && { reason: container.reason }),
  }))
  return { lastStopped: { taskId, stopCode, reason, ...(stoppedAt && { stoppedAt: stoppedAt.toISOString() }), containers } }
}
