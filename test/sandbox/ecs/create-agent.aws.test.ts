import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DeleteServiceCommand, DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { type Agent, createAgent } from '../../../sandbox/ecs/create-agent.ts'
import { dataPlaneClients, region } from '../../support/data-plane/clients.ts'
import { countProcesses } from '../../support/data-plane/count-processes.ts'
import { createTargetGroup } from '../../support/data-plane/create-balancer.ts'
import { createCluster, createService, platformImage, registerTask, serverContainer } from '../../support/data-plane/create-service.ts'
import { eventually } from '../../support/data-plane/eventually.ts'

const clients = dataPlaneClients(inject('emulatorUrl'))
const directory = mkdtempSync(join(tmpdir(), 'gantry-agent-'))
const prefix = `ag${Date.now().toString(36)}`
const listening = `require('http').createServer((q, r) => r.end(JSON.stringify(process.env))).listen(process.env.GANTRY_PORT, process.env.GANTRY_HOST)`
let cluster: string
let logGroup: string
let agent: Agent
let numbers = 0

const startAgent = (): Promise<Agent> =>
  createAgent({
    clients,
    aws: { endpointUrl: inject('emulatorUrl'), region },
    directory,
    network: {},
    hidden: [],
    tools: { node: process.execPath, bridgeDirectory: directory, path: '/usr/bin:/bin' },
    isPlatformImage: (image) => image === platformImage,
    pollMs: 100,
  })
const nextName = (): string => `${prefix}-${++numbers}`
const facts = (name: string) => agent.truth.service(cluster, name)
const stoppedTasks = (serviceName: string) =>
  (agent.truth.listTasks(cluster, { serviceName, desiredStatus: 'STOPPED' }) ?? []).map((arn) => agent.truth.describeTask(cluster, arn))
const completed = (name: string, taskDefinition: string) =>
  eventually(`${name} runs ${taskDefinition}: ${JSON.stringify(facts(name)?.events.slice(0, 3))}`, () =>
    facts(name)?.deployments.some(
      (one) => one.rolloutState === 'COMPLETED' && one.taskDefinition === taskDefinition && one.status === 'PRIMARY',
    ),
  )
const targetUrl = (groupArn: string): string => {
  const target = agent.truth.targetHealth(groupArn)?.find(({ TargetHealth }) => TargetHealth?.State === 'healthy')?.Target
  return `http://${target?.Id}:${target?.Port}`
}

beforeAll(async () => {
  ;({ cluster, logGroup } = await createCluster(clients, prefix))
  agent = await startAgent()
})
afterAll(async () => {
  await agent.close(500)
  rmSync(directory, { recursive: true, force: true })
})
afterEach(async () => {
  const running =
    (
      await clients.ecs.send(
        new DescribeServicesCommand({ cluster, services: Array.from({ length: numbers }, (_, n) => `${prefix}-${n + 1}`) }),
      )
    ).services ?? []
  for (const { serviceName: service, status } of running)
    if (status === 'ACTIVE') await clients.ecs.send(new DeleteServiceCommand({ cluster, service, force: true }))
  await eventually('every service has ended', () => running.every(({ serviceName }) => facts(serviceName ?? '') === undefined))
})

async function serve(
  script: string,
  more: Parameters<typeof serverContainer>[2] = {},
  health: { path?: string; intervalSeconds?: number } = {},
) {
  const name = nextName()
  const targetGroupArn = await createTargetGroup(clients, name, health)
  const taskDefinition = await registerTask(clients, name, [serverContainer(logGroup, script, more)])
  await createService(clients, { cluster, name, taskDefinition, targetGroupArn })
  return { name, targetGroupArn, taskDefinition }
}

test('a service becomes a process with exactly the environment and secrets of its definition', async () => {
  const values = {
    FILE: '${file("/etc/passwd")}',
    IF: '%{ if true }x%{ endif }',
    LINES: 'a\nb\r\n',
    QUOTES: `'"\`$(id)\\`,
    TOKEN: '${TfToken[TOKEN.0]}',
  }
  const secret = await clients.secrets.send(
    new CreateSecretCommand({ Name: `${prefix}-secret`, SecretString: JSON.stringify({ key: 'from json\n"x"' }) }),
  )
  await clients.parameters.send(new PutParameterCommand({ Name: `/${prefix}/parameter`, Value: 'from ssm', Type: 'SecureString' }))
  const { name, targetGroupArn, taskDefinition } = await serve(listening, {
    environment: Object.entries(values).map(([key, value]) => ({ name: key, value })),
    secrets: [
      { name: 'JSON_KEY', valueFrom: `${secret.ARN}:key::` },
      { name: 'WHOLE', valueFrom: `${secret.ARN}` },
      { name: 'PARAMETER', valueFrom: `arn:aws:ssm:${region}:123456789012:parameter/${prefix}/parameter` },
    ],
  })
  await completed(name, taskDefinition)
  const environment = (await (await fetch(targetUrl(targetGroupArn))).json()) as Record<string, string>
  expect(environment).toMatchObject({
    ...values,
    JSON_KEY: 'from json\n"x"',
    WHOLE: '{"key":"from json\\n\\"x\\""}',
    PARAMETER: 'from ssm',
  })
  const brought = ['PATH', 'AWS_EXECUTION_ENV', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'GANTRY_HOST', 'GANTRY_PORT', 'HOME']
  expect(Object.keys(environment).sort()).toEqual([...brought, ...Object.keys(values), 'JSON_KEY', 'WHOLE', 'PARAMETER'].sort())
})

test('a registered target is the emulator’s too, and gone with the service; no process is left', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(`${listening} // ${prefix}-gone`)
  await completed(name, taskDefinition)
  const registered = async () =>
    (await clients.loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))).TargetHealthDescriptions?.length
  expect(await registered()).toBe(1)
  expect(countProcesses(`${prefix}-gone`)).toBeGreaterThan(0)
  await clients.ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }))
  await eventually('the service has ended', () => facts(name) === undefined)
  expect([await registered(), countProcesses(`${prefix}-gone`), agent.truth.targetHealth(targetGroupArn)]).toEqual([0, 0, undefined])
})

test('desired count 0 ends every task, and 2 starts as many', async () => {
  const { name, taskDefinition } = await serve(listening)
  await completed(name, taskDefinition)
  await clients.ecs.send(new UpdateServiceCommand({ cluster, service: name, desiredCount: 0 }))
  await eventually('nothing runs', () => facts(name)?.runningCount === 0 && facts(name)?.stoppingCount === 0)
  await clients.ecs.send(new UpdateServiceCommand({ cluster, service: name, desiredCount: 2 }))
  await eventually('two run', () => facts(name)?.runningCount === 2)
})

test('a rolling update never leaves the service without a healthy target', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(listening)
  await completed(name, taskDefinition)
  const next = await registerTask(clients, name, [serverContainer(logGroup, listening, { environment: [{ name: 'VERSION', value: '2' }] })])
  await clients.ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition: next }))
  let least = Number.POSITIVE_INFINITY
  await eventually('the new one is alone', () => {
    least = Math.min(
      least,
      agent.truth.targetHealth(targetGroupArn)?.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length ?? 0,
    )
    return facts(name)?.deployments[0]?.taskDefinition === next && facts(name)?.deployments[0]?.rolloutState === 'COMPLETED'
  })
  expect(least).toBeGreaterThan(0)
  expect(await (await fetch(targetUrl(targetGroupArn))).json()).toMatchObject({ VERSION: '2' })
  expect(stoppedTasks(name)[0]).toMatchObject({ stopCode: 'ServiceSchedulerInitiated' })
})

test('a command that exits at once fails the deployment, with its exit code and its last words in the log', async () => {
  const { name, taskDefinition } = await serve(`console.log('last words'); process.exit(3)`)
  await eventually('the circuit breaker opens', () => facts(name)?.deployments.some((one) => one.rolloutState === 'FAILED'))
  const [deployment] = facts(name)?.deployments ?? []
  expect(deployment).toMatchObject({
    taskDefinition,
    failedTasks: 3,
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  })
  const [task] = stoppedTasks(name)
  expect(task).toMatchObject({
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ exitCode: 3 }],
  })
  const logStreamName = `server/server/${task?.taskArn?.split('/').at(-1)}`
  const { events } = await clients.logs.send(new GetLogEventsCommand({ logGroupName: logGroup, logStreamName, startFromHead: true }))
  expect(events?.map(({ message }) => message)).toEqual(['last words'])
})

test('a failed update rolls back, and the old tasks never stopped serving', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(listening)
  await completed(name, taskDefinition)
  const before = targetUrl(targetGroupArn)
  const broken = await registerTask(clients, name, [serverContainer(logGroup, 'process.exit(1)')])
  await clients.ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition: broken }))
  await eventually('rolled back', () => facts(name)?.deployments.find((one) => one.taskDefinition === broken)?.rolloutState === 'FAILED')
  await completed(name, taskDefinition)
  expect(targetUrl(targetGroupArn)).toBe(before)
  await eventually('the record says so', async () => {
    const { services } = await clients.ecs.send(new DescribeServicesCommand({ cluster, services: [name] }))
    return services?.[0]?.taskDefinition === taskDefinition
  })
})

test('a task whose target fails its health checks is replaced, and ECS says which group', async () => {
  const { name, targetGroupArn } = await serve(
    `require('http').createServer((q, r) => r.writeHead(500).end()).listen(process.env.GANTRY_PORT, process.env.GANTRY_HOST)`,
    {},
    { intervalSeconds: 5 },
  )
  const [task] = await eventually('a task was replaced', () => stoppedTasks(name).length > 0 && stoppedTasks(name), 30_000)
  expect(task?.stoppedReason).toBe(`Task failed ELB health checks in (target-group ${targetGroupArn})`)
})

test('a secret that does not exist stops the start with its name', async () => {
  const arn = `arn:aws:secretsmanager:${region}:123456789012:secret:nowhere-AbCdEf`
  const { name } = await serve(listening, { secrets: [{ name: 'S', valueFrom: arn }] })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(new RegExp(`^ResourceInitializationError: .*${arn}`)),
  })
})

test('a log group that does not exist stops the start', async () => {
  const options = { 'awslogs-group': '/nowhere', 'awslogs-region': region, 'awslogs-stream-prefix': 'server' }
  const { name } = await serve(listening, { logConfiguration: { logDriver: 'awslogs', options } })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task?.stoppedReason).toMatch(/^ResourceInitializationError: failed to validate logger args/)
})

test('an image without a command cannot be run here, and says so', async () => {
  const name = nextName()
  const { command: _, ...container } = serverContainer(logGroup, '', { image: 'user/image:1' })
  await createService(clients, { cluster, name, taskDefinition: await registerTask(clients, name, [container]) })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task?.stoppedReason).toMatch(/^CannotPullContainerError: .*user\/image:1/)
})

test('a server whose port is taken has another through PORT, and its bridge and health command know it', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const name = nextName()
  const targetGroupArn = await createTargetGroup(clients, name)
  const http = (listen: string) => `require('http').createServer((q, r) => r.end(JSON.stringify(process.env))).listen(${listen})`
  const server = serverContainer(logGroup, http(`process.env.PORT, '127.0.0.1'`), {
    environment: [{ name: 'PORT', value: String(port) }],
    healthCheck: {
      command: ['CMD', '/opt/gantry/node', '-e', `fetch('http://localhost:${port}/').then((r) => process.exit(r.ok ? 0 : 1))`],
      interval: 5,
      retries: 2,
    },
  })
  server.environment = server.environment?.filter((variable) => variable.name !== 'GANTRY_PORT')
  const bridge = serverContainer(logGroup, http('process.env.GANTRY_PORT, process.env.GANTRY_HOST'), {
    name: 'bridge',
    dependsOn: [{ containerName: 'server', condition: 'HEALTHY' }],
    environment: [{ name: 'GANTRY_UPSTREAM_PORT', value: String(port) }],
  })
  const taskDefinition = await registerTask(clients, name, [bridge, server])
  await createService(clients, { cluster, name, taskDefinition, targetGroupArn, container: 'bridge' })
  await completed(name, taskDefinition)
  const upstream = ((await (await fetch(targetUrl(targetGroupArn))).json()) as Record<string, string>).GANTRY_UPSTREAM_PORT
  expect(upstream).not.toBe(String(port))
  expect(await (await fetch(`http://127.0.0.1:${upstream}`)).json()).toMatchObject({ PORT: upstream })
  expect(
    facts(name)
      ?.events.map(({ message }) => message)
      .join('\n'),
  ).toContain(`port ${port} is taken on this host`)
  taken.close()
})

test('init containers run before what depends on their success, and share volumes', async () => {
  const name = nextName()
  const targetGroupArn = await createTargetGroup(clients, name)
  const mount = (readOnly: boolean) => [{ sourceVolume: 'files', containerPath: '/app/server', readOnly }]
  const init = serverContainer(logGroup, `require('fs').writeFileSync('/app/server/answer', 'filled')`, {
    name: 'init',
    essential: false,
    mountPoints: mount(false),
  })
  const main = serverContainer(
    logGroup,
    `const fs = require('fs'); let readOnly = false; try { fs.writeFileSync('/app/server/x', '') } catch { readOnly = true }
     require('http').createServer((q, r) => r.end(fs.readFileSync('answer') + ' ' + readOnly)).listen(process.env.GANTRY_PORT, process.env.GANTRY_HOST)`,
    { dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }], mountPoints: mount(true) },
  )
  const taskDefinition = await registerTask(clients, name, [main, init], ['files'])
  await createService(clients, { cluster, name, taskDefinition, targetGroupArn })
  await completed(name, taskDefinition)
  expect(await (await fetch(targetUrl(targetGroupArn))).text()).toBe(`filled ${agent.refusedNamespaces === undefined}`)
})

test('an init container that fails stops the task, and says which', async () => {
  const name = nextName()
  const init = serverContainer(logGroup, 'process.exit(4)', { name: 'init', essential: false })
  const main = serverContainer(logGroup, listening, { dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] })
  await createService(clients, { cluster, name, taskDefinition: await registerTask(clients, name, [main, init]) })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task?.stoppedReason).toBe('container init exited with code 4, and container server waits for its SUCCESS')
})

test('after a restart services come back from the records, and targets of the earlier life are gone', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(`${listening} // ${prefix}-again`)
  await completed(name, taskDefinition)
  const before = targetUrl(targetGroupArn)
  await agent.close(500)
  expect(countProcesses(`${prefix}-again`)).toBe(0)
  agent = await startAgent()
  await completed(name, taskDefinition)
  expect(targetUrl(targetGroupArn)).not.toBe(before)
  const { TargetHealthDescriptions } = await clients.loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))
  expect(TargetHealthDescriptions?.map(({ Target }) => `http://${Target?.Id}:${Target?.Port}`)).toEqual([targetUrl(targetGroupArn)])
})

test('a bridge port that is taken on every address is replaced too', async () => {
  const taken = createSocketServer().listen(0, '0.0.0.0')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const name = nextName()
  const container = serverContainer(logGroup, listening)
  container.environment = [{ name: 'GANTRY_PORT', value: String(port) }]
  const taskDefinition = await registerTask(clients, name, [container])
  await createService(clients, { cluster, name, taskDefinition })
  await completed(name, taskDefinition)
  expect(
    facts(name)
      ?.events.map(({ message }) => message)
      .join('\n'),
  ).toContain(`port ${port} is taken on this host`)
  taken.close()
})

test('the command meant for an image runs on this machine, and an event says that the image was not used', async () => {
  const { name, taskDefinition } = await serve(listening, { image: 'node:22' })
  await completed(name, taskDefinition)
  expect(facts(name)?.events.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('the image node:22 was not used; its command runs on this machine'),
  )
})

test('an image without a command stops at once where no engine answers, saying so and what to do', async () => {
  const { name } = await serve('', { image: 'node:22', command: [] })
  await eventually(`a task of ${name} stopped`, () => stoppedTasks(name).length > 0)
  expect(stoppedTasks(name)[0]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/neither Docker nor Podman answers here, and only the image node:22 knows.*startCommand/),
  })
})
