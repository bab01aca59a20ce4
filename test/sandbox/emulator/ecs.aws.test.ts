import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { expect, inject, test } from 'vitest'
import { clientOf } from '../../support/own-emulator.ts'
import { listByTag } from '../../support/resources/list-by-tag.ts'

const emulatorUrl = inject('emulatorUrl')
const ecs = new ECSClient(clientOf(emulatorUrl))

test('a deleted service is found by its tags no more', async () => {
  const region = String(await ecs.config.region())
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName: 'tagged' }))
  const containerDefinitions = [{ name: 'server', image: 'image', memory: 128 }]
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ family: 'tagged', containerDefinitions }))
  const service = {
    cluster: cluster?.clusterArn,
    serviceName: 'tagged',
    taskDefinition: taskDefinition?.taskDefinitionArn,
    desiredCount: 1,
  }
  const tags = [{ key: 'gantry:server', value: 'tagged' }]
  await ecs.send(new CreateServiceCommand({ ...service, tags }))
  expect(await listByTag({ emulatorUrl, region }, 'tagged')).toEqual([expect.stringContaining('service/tagged/tagged')])
  await ecs.send(new DeleteServiceCommand({ cluster: 'tagged', service: 'tagged', force: true }))
  expect(await listByTag({ emulatorUrl, region }, 'tagged')).toEqual([])
})

test('the revisions of a family count on after all of them were deleted', async () => {
  const register = async (image: string) => {
    const containerDefinitions = [{ name: 'server', image, memory: 128 }]
    const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ family: 'again', containerDefinitions }))
    return taskDefinition?.taskDefinitionArn as string
  }
  const first = await register('first')
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: first }))
  await ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [first] }))
  const second = await register('second')
  expect([first, second].map((arn) => arn.split(':').at(-1))).toEqual(['1', '2'])
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: second }))
  expect(taskDefinition?.containerDefinitions?.[0]?.image).toBe('second')
})
