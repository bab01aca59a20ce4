import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
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
