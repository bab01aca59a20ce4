import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchLogsClient, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { controlPlane } from '../support/control-plane.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const client = {
  endpoint: sandbox.emulatorUrl,
  region: sandbox.region,
  credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
}
const logs = new CloudWatchLogsClient(client)
const scaling = new ApplicationAutoScalingClient(client)
const ecs = new ECSClient(client)

const logGroupName = '/gantry/sandbox/drifting'
const retention = async () =>
  (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups?.[0]?.retentionInDays
const keepLogs = (retentionInDays: number) => logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }))
const scalableTarget = async () => {
  const { ScalableTargets = [] } = await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))
  const target = ScalableTargets.find(({ ResourceId = '' }) => ResourceId.endsWith('drifting'))
  if (!target) throw new Error('no scalable target')
  return target
}

async function run(type: 'drift' | 'apply') {
  const { status, body } = await gantry.call<{ run: Run }>('POST', '/servers/drifting/runs', { type })
  expect(status, JSON.stringify(body)).toBe(202)
  return gantry.follow(body.run.id)
}
type Shown = Omit<Server, 'drift'> & { drift?: NonNullable<Server['drift']> }
const read = async () => (await gantry.call<Shown>('GET', '/servers/drifting')).body
const drifted = async () => (await read()).drift?.changes.map(({ type, path }) => `${type} ${path}`).sort()

it('finds what somebody changed and nothing else, and has it as it was or adopts it', async () => {
  const autoScalingConfig = { minCapacity: 1, maxCapacity: 3 }
  const created = await gantry.create({ name: 'drifting', serverType: 'stdio', startCommand: tinyServer(), autoScalingConfig })
  expect(created.run.status).toBe('SUCCEEDED')

  const { ResourceId = '' } = await scalableTarget()
  const [, cluster, service] = ResourceId.split('/')
  const runTasks = (desiredCount: number) => ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }))
  await runTasks(2)
  const untouched = await run('drift')
  expect(untouched.run.status).toBe('NO_CHANGES')
  const compared = untouched.events.find(({ type }) => type === 'drift.compared')
  expect(compared?.data?.ignored).toContainEqual(expect.objectContaining({ path: 'desired_count' }))

  await runTasks(1)
  await keepLogs(90)
  await scaling.send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId,
      MinCapacity: 1,
      MaxCapacity: 5,
    }),
  )
  const found = await run('drift')
  expect(found.run.status).toBe('SUCCEEDED')
  expect(await drifted()).toEqual(['aws_appautoscaling_target max_capacity', 'aws_cloudwatch_log_group retention_in_days'])
  const server = await read()
  expect(server.status).toBe('IN_SERVICE')
  expect(server.drift?.adopt).toEqual({ logRetentionDays: 90, autoScalingConfig: { maxCapacity: 5 } })

  const reconciled = await run('apply')
  expect(reconciled.run.status).toBe('SUCCEEDED')
  expect([await retention(), (await scalableTarget()).MaxCapacity, (await read()).drift]).toEqual([30, 3, undefined])
  expect((await run('drift')).run.status).toBe('NO_CHANGES')

  await keepLogs(90)
  await run('drift')
  const { drift } = await read()
  const adopted = await gantry.patch('drifting', drift?.adopt ?? {})
  expect(adopted.run.status).toBe('NO_CHANGES')
  expect([await retention(), (await read()).drift]).toEqual([90, undefined])
  expect((await run('drift')).run.status).toBe('NO_CHANGES')
  await gantry.remove('drifting')
})
