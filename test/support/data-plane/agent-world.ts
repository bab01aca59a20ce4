import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteServiceCommand, DescribeServicesCommand } from '@aws-sdk/client-ecs'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Agent, createAgent } from '../../../sandbox/ecs/create-agent.ts'
import { type DataPlaneClients, dataPlaneClients, region } from './clients.ts'
import { createTargetGroup } from './create-balancer.ts'
import { createCluster, createService, platformImage, registerTask, serverContainer } from './create-service.ts'
import { eventually } from './eventually.ts'

/** A server that answers with its environment. */
export const listening = `require('http').createServer((q, r) => r.end(JSON.stringify(process.env))).listen(process.env.GANTRY_PORT, process.env.GANTRY_HOST)`

/** An agent runs the services of every cluster, and other files' agents share the emulator: this one hears of its own alone. */
function agentClients(emulatorUrl: string, cluster: string): DataPlaneClients {
  const clients = dataPlaneClients(emulatorUrl)
  clients.ecs.middlewareStack.add((next) => async (args) => {
    const answer = await next(args)
    if (!('clusterArns' in answer.output)) return answer
    return { ...answer, output: { ...answer.output, clusterArns: answer.output.clusterArns?.filter((arn) => arn.endsWith(`/${cluster}`)) } }
  })
  return clients
}

/** One agent over a cluster of its own for all tests of a file, each of which has its services to itself. */
export function agentWorld(emulatorUrl: string) {
  const prefix = `ag${randomUUID().slice(0, 8)}`
  const cluster = prefix
  const logGroup = `/gantry/test/${prefix}`
  const clients = dataPlaneClients(emulatorUrl)
  const directory = mkdtempSync(join(tmpdir(), 'gantry-agent-'))
  let agent: Agent
  let numbers = 0

  async function startAgent(): Promise<void> {
    agent = await createAgent({
      clients: agentClients(emulatorUrl, cluster),
      aws: { endpointUrl: emulatorUrl, region },
      directory,
      network: {},
      hidden: [],
      tools: { node: process.execPath, bridgeDirectory: directory, path: '/usr/bin:/bin' },
      isPlatformImage: (image) => image === platformImage,
      pollMs: 100,
    })
  }
  const nextName = (): string => `${prefix}-${++numbers}`
  const facts = (name: string) => agent.truth.service(cluster, name)

  beforeAll(async () => {
    await createCluster(clients, { cluster, logGroup })
    await startAgent()
  })
  afterAll(async () => {
    await agent.close(500)
    rmSync(directory, { recursive: true, force: true })
  })
  afterEach(async () => {
    const services = Array.from({ length: numbers }, (_, n) => `${prefix}-${n + 1}`)
    const running = (await clients.ecs.send(new DescribeServicesCommand({ cluster, services }))).services ?? []
    for (const { serviceName: service, status } of running)
      if (status === 'ACTIVE') await clients.ecs.send(new DeleteServiceCommand({ cluster, service, force: true }))
    await eventually('every service has ended', () => running.every(({ serviceName }) => facts(serviceName ?? '') === undefined))
  })

  return {
    clients,
    prefix,
    cluster,
    logGroup,
    /** The one that runs now. */
    agent: () => agent,
    startAgent,
    nextName,
    facts,
    stoppedTasks: (serviceName: string) =>
      (agent.truth.listTasks(cluster, { serviceName, desiredStatus: 'STOPPED' }) ?? []).map((arn) =>
        agent.truth.describeTask(cluster, arn),
      ),
    completed: (name: string, taskDefinition: string) =>
      eventually(`${name} runs ${taskDefinition}: ${JSON.stringify(facts(name)?.events.slice(0, 3))}`, () =>
        facts(name)?.deployments.some(
          (one) => one.rolloutState === 'COMPLETED' && one.taskDefinition === taskDefinition && one.status === 'PRIMARY',
        ),
      ),
    /** Where the first healthy target of a group listens. */
    targetUrl: (groupArn: string): string => {
      const target = agent.truth.targetHealth(groupArn)?.find(({ TargetHealth }) => TargetHealth?.State === 'healthy')?.Target
      return `http://${target?.Id}:${target?.Port}`
    },
    /** A service behind a target group, whose only container runs a script. */
    async serve(
      script: string,
      more: Parameters<typeof serverContainer>[2] = {},
      health: { path?: string; intervalSeconds?: number } = {},
    ) {
      const name = nextName()
      const targetGroupArn = await createTargetGroup(clients, name, health)
      const taskDefinition = await registerTask(clients, name, [serverContainer(logGroup, script, more)])
      await createService(clients, { cluster, name, taskDefinition, targetGroupArn })
      return { name, targetGroupArn, taskDefinition }
    },
  }
}
