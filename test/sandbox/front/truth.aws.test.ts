import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServiceTruth } from '../../../sandbox/front/service-truth.ts'
import { removeFront, startFront, type TestFront } from '../../support/start-front.ts'

const running = 'arn:aws:ecs:us-east-1:123456789012:task/c/running'
const stopped = 'arn:aws:ecs:us-east-1:123456789012:task/c/stopped'
const stoppedTask: Task = {
  taskArn: stopped,
  lastStatus: 'STOPPED',
  stoppedReason: 'Essential container in task exited',
  stoppedAt: new Date(1_700_000_000_500),
  containers: [{ name: 'server', exitCode: 3, reason: 'it <failed>' }],
}
const at = new Date(1_700_000_000_000)
const definition = 'arn:aws:ecs:us-east-1:123456789012:task-definition/f:1'
const truth: ServiceTruth = {
  service: (_cluster, name) =>
    name === 's'
      ? {
          runningCount: 2,
          pendingCount: 1,
          deployments: [
            { taskDefinition: definition, rolloutState: 'IN_PROGRESS', failedTasks: 4, runningCount: 2 },
            { taskDefinition: 'old', status: 'ACTIVE', id: 'ecs-svc/old', runningCount: 1 },
          ],
          events: [{ id: 'e', createdAt: at, message: '(service s) has reached a steady state.' }],
        }
      : undefined,
  listTasks: (cluster, { desiredStatus, serviceName }) =>
    cluster === 'c' && serviceName !== 'other' ? [desiredStatus === 'STOPPED' ? stopped : running] : undefined,
  describeTask: (_, arn) => (arn === stopped ? stoppedTask : undefined),
  targetHealth: (arn) =>
    arn.includes('known')
      ? [
          { Target: { Id: '127.64.0.1', Port: 8080 }, TargetHealth: { State: 'healthy' } },
          {
            Target: { Id: '127.64.0.2', Port: 8080 },
            TargetHealth: { State: 'draining', Reason: 'Target.DeregistrationInProgress', Description: 'a < b & c' },
          },
        ]
      : undefined,
}

let front: TestFront
let ecs: ECSClient
beforeAll(async () => {
  front = await startFront({ truth: () => truth })
  ecs = new ECSClient(front.client)
  await ecs.send(new CreateClusterCommand({ clusterName: 'c' }))
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions: [{ name: 'server', image: 'i', memory: 128 }] }))
  for (const serviceName of ['s', 'other']) {
    await ecs.send(new CreateServiceCommand({ cluster: 'c', serviceName, taskDefinition: 'f', desiredCount: 3 }))
  }
})
afterAll(() => removeFront(front))

test('DescribeServices says what runs', async () => {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['s'] }))
  expect(services?.[0]).toMatchObject({
    desiredCount: 3,
    runningCount: 2,
    pendingCount: 1,
    events: [{ createdAt: at, message: '(service s) has reached a steady state.' }],
    deployments: [
      { status: 'PRIMARY', taskDefinition: definition, rolloutState: 'IN_PROGRESS', failedTasks: 4 },
      { status: 'ACTIVE', id: 'ecs-svc/old' },
    ],
  })
})

test('a service deployment is as far as the agent is', async () => {
  const { serviceDeployments } = await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'c', service: 's' }))
  expect(serviceDeployments).toMatchObject([{ status: 'IN_PROGRESS' }])
  const serviceDeploymentArns = [serviceDeployments?.[0]?.serviceDeploymentArn ?? '']
  const described = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }))
  expect(described.serviceDeployments).toMatchObject([{ status: 'IN_PROGRESS' }])
})

test('a service the agent does not know stays as the emulator has it', async () => {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'c', services: ['other'] }))
  expect(services?.[0]).toMatchObject({ serviceName: 'other', runningCount: 0 })
})

test('tasks are listed by status', async () => {
  const list = async (input: object) =>
    (await ecs.send(new ListTasksCommand({ cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/c', ...input }))).taskArns
  expect(await list({ serviceName: 's' })).toEqual([running])
  expect(await list({ serviceName: 's', desiredStatus: 'STOPPED' })).toEqual([stopped])
  expect(await list({ serviceName: 'other' })).toEqual([])
})

test('a stopped task says why, by ARN and by id; what nobody knows is missing', async () => {
  const { tasks, failures } = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: ['stopped'] }))
  expect(tasks).toEqual([stoppedTask])
  expect(failures).toEqual([])
  const mixed = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [stopped, 'nobody'] }))
  expect(mixed.tasks).toEqual([stoppedTask])
  expect(mixed.failures).toMatchObject([{ reason: 'MISSING' }])
})

test('target health is what the agent sees', async () => {
  const elb = new ElasticLoadBalancingV2Client(front.client)
  const TargetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/known/1'
  const all = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
  expect(all.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth)).toEqual([
    { State: 'healthy' },
    { State: 'draining', Reason: 'Target.DeregistrationInProgress', Description: 'a < b & c' },
  ])
  const one = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets: [{ Id: '127.64.0.1', Port: 8080 }] }))
  expect(one.TargetHealthDescriptions).toHaveLength(1)
  await expect(
    elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1' })),
  ).rejects.toThrow()
})
