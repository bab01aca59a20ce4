import {
  DeregisterTargetsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { InFlight } from '../in-flight.ts'
import { isTaskAddress } from './addresses.ts'
import type { CheckState } from './check-loop.ts'
import { checkTarget } from './check-target.ts'
import { markRecorded } from './mark-recorded.ts'

interface Target {
  readonly owner: string
  readonly groupArn: string
  readonly host: string
  readonly port: number
  state: CheckState | 'draining'
  checks?: { stop(): void }
  drained?: Promise<void>
}

/** Targets that the agent has registered, and whether they are in service. */
export interface TargetRegistry {
  /** `owner` is the task's id. */
  register(owner: string, groupArn: string, host: string, port: number): Promise<void>
  /** Takes a task's targets out of service: deregistered first, then their calls may end for a while. */
  deregister(owner: string): Promise<void>
  /** Forgets targets of an earlier life of this agent in a group. */
  sweep(groupArn: string): Promise<void>
  state(groupArn: string, host: string, port: number): CheckState | 'draining' | undefined
  /** The worst of the states of a task's targets; undefined where it has none. */
  stateOf(owner: string): CheckState | undefined
  groupsOf(owner: string): string[]
  unhealthyGroup(owner: string): string | undefined
  describe(groupArn: string): readonly TargetHealthDescription[] | undefined
}

const shown = {
  initial: { State: 'initial', Reason: 'Elb.InitialHealthChecking', Description: 'Initial health checks in progress' },
  healthy: { State: 'healthy' },
  unhealthy: { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
  draining: { State: 'draining', Reason: 'Target.DeregistrationInProgress', Description: 'Target deregistration is in progress' },
} as const

/** ECS drains for the target group's deregistration delay; a laptop does not want to wait 300 s for an idle event stream. */
const maxDrainMs = 5000

async function drainMs(client: ElasticLoadBalancingV2Client, groupArn: string): Promise<number> {
  const answer = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: groupArn })).catch(() => undefined)
  const delay = answer?.Attributes?.find((attribute) => attribute.Key === 'deregistration_delay.timeout_seconds')?.Value
  return Math.min(maxDrainMs, Number(delay ?? 300) * 1000)
}

export function createTargetRegistry(client: ElasticLoadBalancingV2Client, inFlight: InFlight, changed: () => void): TargetRegistry {
  const targets = new Set<Target>()
  const of = (owner: string): Target[] => [...targets].filter((target) => target.owner === owner)

  const drain = async (target: Target): Promise<void> => {
    target.state = 'draining'
    target.checks?.stop()
    changed()
    const { groupArn: TargetGroupArn, host, port } = target
    const wait = await drainMs(client, TargetGroupArn)
    await client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: host, Port: port }] })).catch(() => undefined)
    await inFlight.idle(`${host}:${port}`, wait)
    targets.delete(target)
  }

  return {
    async register(owner, groupArn, host, port) {
      if (of(owner).some((target) => target.groupArn === groupArn && target.port === port)) return
      const groups = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [groupArn] }))
      const group = groups.TargetGroups?.[0]
      if (group === undefined) throw new Error(`target group ${groupArn} does not exist`)
      await client.send(new RegisterTargetsCommand({ TargetGroupArn: groupArn, Targets: [{ Id: host, Port: port }] }))
      const target: Target = { owner, groupArn, host, port, state: 'initial' }
      targets.add(target)
      target.checks = checkTarget(group, { host, port }, (state) => {
        target.state = state
        changed()
      })
    },
    async deregister(owner) {
      await Promise.all(
        of(owner).map((target) => {
          target.drained ??= drain(target)
          return target.drained
        }),
      )
    },
    async sweep(groupArn) {
      const describe = new DescribeTargetHealthCommand({ TargetGroupArn: groupArn })
      describe.middlewareStack.add((next) => (args) => next(markRecorded(args)), { step: 'build' })
      const answer = await client.send(describe)
      const registered = (answer.TargetHealthDescriptions ?? []).flatMap(({ Target }) =>
        Target?.Id ? [{ Id: Target.Id, Port: Target.Port }] : [],
      )
      const strangers = registered.filter(
        ({ Id, Port }) => isTaskAddress(Id) && ![...targets].some((target) => target.host === Id && target.port === Port),
      )
      if (strangers.length > 0) await client.send(new DeregisterTargetsCommand({ TargetGroupArn: groupArn, Targets: strangers }))
    },
    state: (groupArn, host, port) =>
      [...targets].find((target) => target.groupArn === groupArn && target.host === host && target.port === port)?.state,
    stateOf: (owner) => {
      const states = of(owner).map((target) => target.state)
      if (states.length === 0) return undefined
      if (states.includes('unhealthy')) return 'unhealthy'
      return states.every((state) => state === 'healthy') ? 'healthy' : 'initial'
    },
    groupsOf: (owner) => of(owner).map((target) => target.groupArn),
    unhealthyGroup: (owner) => of(owner).find((target) => target.state === 'unhealthy')?.groupArn,
    describe: (groupArn) => {
      const mine = [...targets].filter((target) => target.groupArn === groupArn)
      if (mine.length === 0) return undefined
      return mine.map(({ host, port, state }) => ({
        Target: { Id: host, Port: port },
        HealthCheckPort: String(port),
        TargetHealth: shown[state],
      }))
    },
  }
}
