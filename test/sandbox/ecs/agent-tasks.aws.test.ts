import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { expect, inject, test } from 'vitest'
import { agentWorld, listening } from '../../support/data-plane/agent-world.ts'
import { region } from '../../support/data-plane/clients.ts'
import { createTargetGroup } from '../../support/data-plane/create-balancer.ts'
import { createService, registerTask, serverContainer } from '../../support/data-plane/create-service.ts'
import { eventually } from '../../support/data-plane/eventually.ts'

const { clients, prefix, cluster, logGroup, agent, nextName, facts, stoppedTasks, completed, targetUrl, serve } = agentWorld(
  inject('emulatorUrl'),
)

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
  expect(await (await fetch(targetUrl(targetGroupArn))).text()).toBe(`filled ${agent().refusedNamespaces === undefined}`)
})

test('an init container that fails stops the task, and says which', async () => {
  const name = nextName()
  const init = serverContainer(logGroup, 'process.exit(4)', { name: 'init', essential: false })
  const main = serverContainer(logGroup, listening, { dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] })
  await createService(clients, { cluster, name, taskDefinition: await registerTask(clients, name, [main, init]) })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task?.stoppedReason).toBe('container init exited with code 4, and container server waits for its SUCCESS')
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

test('an image without a command cannot be run here, and says so', async () => {
  const name = nextName()
  const { command: _, ...container } = serverContainer(logGroup, '', { image: 'user/image:1' })
  await createService(clients, { cluster, name, taskDefinition: await registerTask(clients, name, [container]) })
  const [task] = await eventually('a task failed', () => stoppedTasks(name).length > 0 && stoppedTasks(name))
  expect(task?.stoppedReason).toMatch(/^CannotPullContainerError: .*user\/image:1/)
})

test('an image without a command stops at once where no engine answers, saying so and what to do', async () => {
  const { name } = await serve('', { image: 'node:22', command: [] })
  await eventually(`a task of ${name} stopped`, () => stoppedTasks(name).length > 0)
  expect(stoppedTasks(name)[0]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: expect.stringMatching(/neither Docker nor Podman answers here, and only the image node:22 knows.*startCommand/),
  })
})
