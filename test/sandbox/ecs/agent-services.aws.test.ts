import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DeleteServiceCommand, DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { expect, inject, test } from 'vitest'
import { agentWorld, listening } from '../../support/data-plane/agent-world.ts'
import { countProcesses } from '../../support/data-plane/count-processes.ts'
import { registerTask, serverContainer } from '../../support/data-plane/create-service.ts'
import { eventually } from '../../support/data-plane/eventually.ts'

const { clients, prefix, cluster, logGroup, agent, startAgent, facts, stoppedTasks, completed, targetUrl, serve } = agentWorld(
  inject('emulatorUrl'),
)

test('a registered target is the emulator’s too, and gone with the service; no process is left', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(`${listening} // ${prefix}-gone`)
  await completed(name, taskDefinition)
  const registered = async () =>
    (await clients.loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))).TargetHealthDescriptions?.length
  expect(await registered()).toBe(1)
  expect(countProcesses(`${prefix}-gone`)).toBeGreaterThan(0)
  await clients.ecs.send(new DeleteServiceCommand({ cluster, service: name, force: true }))
  await eventually('the service has ended', () => facts(name) === undefined)
  expect([await registered(), countProcesses(`${prefix}-gone`), agent().truth.targetHealth(targetGroupArn)]).toEqual([0, 0, undefined])
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
      agent()
        .truth.targetHealth(targetGroupArn)
        ?.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length ?? 0,
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

test('after a restart services come back from the records, and targets of the earlier life are gone', async () => {
  const { name, targetGroupArn, taskDefinition } = await serve(`${listening} // ${prefix}-again`)
  await completed(name, taskDefinition)
  const before = targetUrl(targetGroupArn)
  await agent().close(500)
  expect(countProcesses(`${prefix}-again`)).toBe(0)
  await startAgent()
  await completed(name, taskDefinition)
  expect(targetUrl(targetGroupArn)).not.toBe(before)
  const { TargetHealthDescriptions } = await clients.loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }))
  expect(TargetHealthDescriptions?.map(({ Target }) => `http://${Target?.Id}:${Target?.Port}`)).toEqual([targetUrl(targetGroupArn)])
})
