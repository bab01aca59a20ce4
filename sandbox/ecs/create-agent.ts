import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  type Service,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ServiceTruth } from '../front/service-truth.ts'
import { createInFlight, type InFlight } from '../in-flight.ts'
import { createAddresses } from './addresses.ts'
import { type Engine, findEngine } from './engine.ts'
import { markRecorded } from './mark-recorded.ts'
import { probeIsolation } from './probe-isolation.ts'
import { createServiceRunner, type ServiceRunner } from './run-service.ts'
import type { ServiceSurroundings } from './service-tasks.ts'
import { createTargetRegistry } from './target-registry.ts'
import type { TaskHost } from './task-host.ts'

export interface AgentOptions extends Omit<TaskHost, 'isolation' | 'serverPorts' | 'bridgePorts' | 'clients' | 'engine'> {
  readonly clients: TaskHost['clients'] & { readonly ecs: ECSClient; readonly loadBalancing: ElasticLoadBalancingV2Client }
  /** A target has come, is in service or goes: whoever keeps a list of them reads it anew. */
  readonly onTargetsChanged?: () => void
  /** The gateway's count of calls, so that draining waits for them. */
  readonly inFlight?: InFlight
  /** How often to look at the records without being told; 500 ms by default. */
  readonly pollMs?: number
  readonly log?: (line: string) => void
}

export interface Agent {
  readonly truth: ServiceTruth
  /** Whether a registered target passes its health checks. */
  isHealthy(targetGroupArn: string, target: { id: string; port: number }): boolean
  /** Why tasks have no view of the machine of their own; absent where they have. */
  readonly refusedNamespaces?: string
  /** Looks at the records now; to be called after writes to ECS or load balancers. */
  nudge(): void
  /** Ends every task: SIGTERM, and SIGKILL after `graceMs`. The records stay as they are. */
  close(graceMs: number): Promise<void>
}

/** Runs what the emulator's ECS services say. */
export async function createAgent(options: AgentOptions): Promise<Agent> {
  const { ecs } = options.clients
  rmSync(join(options.directory, 'tasks'), { recursive: true, force: true })
  const isolation = await probeIsolation(options.directory)
  let engine: Promise<Engine | undefined> | undefined
  const findOnce = () => {
    engine ??= findEngine(options.tools.path)
    return engine
  }
  const host: TaskHost = { ...options, engine: findOnce, isolation, serverPorts: new Set(), bridgePorts: new Set() }
  const definitions = new Map<string, Promise<TaskDefinition>>()
  const runners = new Map<string, ServiceRunner>()
  const targets = createTargetRegistry(options.clients.loadBalancing, options.inFlight ?? createInFlight(), () => {
    options.onTargetsChanged?.()
    nudge()
  })
  let closed = false
  let running: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined

  const around: ServiceSurroundings = {
    host,
    addresses: createAddresses(),
    targets,
    readTaskDefinition: (arn) => {
      const read =
        definitions.get(arn) ??
        ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn })).then(({ taskDefinition }) => taskDefinition ?? {})
      definitions.set(arn, read)
      read.catch(() => definitions.delete(arn))
      return read
    },
    rollBack: async ({ clusterArn: cluster, serviceName: service }, taskDefinition) => {
      await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }))
    },
    nudge: () => nudge(),
  }

  let complaint = ''
  const complain = (line: string): void => {
    if (line !== complaint) options.log?.(line)
    complaint = line
  }

  const reconcile = async (): Promise<void> => {
    const records = await readServices(ecs)
    for (const [arn, record] of records) {
      if (record.status === 'INACTIVE' && !runners.has(arn)) continue
      if (!runners.has(arn)) runners.set(arn, createServiceRunner(record, around))
    }
    for (const [arn, runner] of runners) {
      const record = records.get(arn)
      await runner
        .reconcile(record)

        .catch((error: unknown) => complain(`${arn}: ${error instanceof Error ? error.message : String(error)}`))
      if ((record === undefined || record.status === 'INACTIVE') && runner.idle()) runners.delete(arn)
    }
  }
  const round = (): void => {
    clearTimeout(timer)
    again = false
    running = reconcile()
      .catch((error: unknown) =>
        complain(`the ECS agent cannot read its records: ${error instanceof Error ? error.message : String(error)}`),
      )
      .then(() => {
        running = undefined
        if (closed) return
        timer = setTimeout(round, again ? 10 : (options.pollMs ?? 500))
      })
  }
  const nudge = (): void => {
    again = true
    if (closed || running) return
    clearTimeout(timer)
    timer = setTimeout(round, 10)
  }
  round()

  return {
    truth: createTruth(runners, targets.describe),
    isHealthy: (groupArn, { id, port }) => targets.state(groupArn, id, port) === 'healthy',
    ...(isolation.refused !== undefined && { refusedNamespaces: isolation.refused }),
    nudge,
    close: async (graceMs) => {
      closed = true
      clearTimeout(timer)
      await running
      const tasks = [...runners.values()].flatMap((runner) => runner.tasks())
      for (const task of tasks) task.stop('UserInitiated', 'The sandbox stops')
      const kill = setTimeout(() => {
        for (const task of tasks) task.kill()
      }, graceMs)
      await Promise.all(tasks.map((task) => task.stopped))
      clearTimeout(kill)
    },
  }
}

async function readServices(ecs: ECSClient): Promise<Map<string, Service>> {
  const records = new Map<string, Service>()
  const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}))
  for (const cluster of clusterArns) {
    let nextToken: string | undefined
    do {
      const page = await ecs.send(new ListServicesCommand({ cluster, maxResults: 10, nextToken }))
      nextToken = page.nextToken
      const services = page.serviceArns ?? []
      if (services.length === 0) continue
      const describe = new DescribeServicesCommand({ cluster, services })
      describe.middlewareStack.add((next) => (args) => next(markRecorded(args)), { step: 'build' })
      const described = await ecs.send(describe)
      for (const service of described.services ?? []) records.set(service.serviceArn ?? '', service)
    } while (nextToken)
  }
  return records
}

function createTruth(runners: ReadonlyMap<string, ServiceRunner>, targetHealth: ServiceTruth['targetHealth']): ServiceTruth {
  const inCluster = (cluster: string) =>
    [...runners]
      .filter(([arn]) => arn.split(':service/')[1]?.split('/')[0] === cluster)
      .map(([arn, runner]) => ({ name: arn.split('/').at(-1), runner }))
  return {
    service: (cluster, serviceName) =>
      inCluster(cluster)
        .find(({ name }) => name === serviceName)
        ?.runner.facts(),
    listTasks: (cluster, filter) => {
      const services = inCluster(cluster).filter(({ name }) => filter.serviceName === undefined || name === filter.serviceName)
      if (filter.serviceName !== undefined && services.length === 0) return undefined
      const tasks = services.flatMap(({ runner }) => runner.tasks())
      const family = tasks.filter(({ spec }) => filter.family === undefined || spec.definition.family === filter.family)
      return family.filter((task) => (task.times.stoppingAt ? 'STOPPED' : 'RUNNING') === filter.desiredStatus).map((task) => task.spec.arn)
    },
    describeTask: (cluster, taskArn) =>
      inCluster(cluster)
        .flatMap(({ runner }) => runner.tasks())
        .find(({ spec }) => spec.arn === taskArn)
        ?.describe(),
    targetHealth,
  }
}
