import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  type Resource,
  UpdateIntegrationCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway'
import { beforeEach, expect, inject, test } from 'vitest'
import { clientOf } from '../../support/own-emulator.ts'

const url = inject('emulatorUrl')
const api = new APIGatewayClient(clientOf(url))
let restApiId: string
let resourceId: string

beforeEach(async () => {
  const made = await api.send(new CreateRestApiCommand({ name: 'api' }))
  restApiId = made.id ?? ''
  const resource = await api.send(new CreateResourceCommand({ restApiId, parentId: made.rootResourceId, pathPart: 'mcp' }))
  resourceId = resource.id ?? ''
  await addMethod('GET')
  await integrate('GET', 'http://one/')
})

const addMethod = (httpMethod: string) => api.send(new PutMethodCommand({ restApiId, resourceId, httpMethod, authorizationType: 'NONE' }))
const integrate = (httpMethod: string, uri: string) =>
  api.send(
    new PutIntegrationCommand({
      restApiId,
      resourceId,
      httpMethod,
      type: 'HTTP_PROXY',
      integrationHttpMethod: httpMethod,
      uri,
      connectionType: 'VPC_LINK',
      connectionId: 'link',
      integrationTarget: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1',
      responseTransferMode: 'STREAM',
      timeoutInMillis: 60_000,
    }),
  )
const deploy = async () => (await api.send(new CreateDeploymentCommand({ restApiId }))).id ?? ''

async function snapshot(deployment: string): Promise<Resource[]> {
  const response = await fetch(`${url}/_gantry/restapis/${restApiId}/deployments/${deployment}`)
  return ((await response.json()) as { resources: Resource[] }).resources
}
const integrationIn = (resources: Resource[]) => resources.find(({ path }) => path === '/mcp')?.resourceMethods?.GET?.methodIntegration

test('a deployment holds the API as it was, with every field of an integration', async () => {
  const first = await deploy()
  const patchOperations = [{ op: 'replace' as const, path: '/uri', value: 'http://two/' }]
  await api.send(new UpdateIntegrationCommand({ restApiId, resourceId, httpMethod: 'GET', patchOperations }))
  const second = await deploy()
  expect(integrationIn(await snapshot(first))).toMatchObject({
    uri: 'http://one/',
    connectionId: 'link',
    responseTransferMode: 'STREAM',
    integrationTarget: expect.stringContaining('loadbalancer/app/a/1'),
  })
  expect(integrationIn(await snapshot(second))?.uri).toBe('http://two/')
})

test('a method without an integration fails the deployment in the words of AWS', async () => {
  await addMethod('POST')
  await expect(deploy()).rejects.toMatchObject({ name: 'BadRequestException', message: 'No integration defined for method' })
})

test('a stage that is moved keeps its settings, and what it left can be deleted', async () => {
  const [first, second] = [await deploy(), await deploy()]
  await api.send(new CreateStageCommand({ restApiId, stageName: 'live', deploymentId: first, variables: { a: 'b' }, tracingEnabled: true }))
  await expect(api.send(new DeleteDeploymentCommand({ restApiId, deploymentId: first }))).rejects.toThrow(/Active stages/)
  const move = (value: string) =>
    new UpdateStageCommand({ restApiId, stageName: 'live', patchOperations: [{ op: 'replace', path: '/deploymentId', value }] })
  await api.send(move(second))
  const stage = await api.send(new GetStageCommand({ restApiId, stageName: 'live' }))
  expect(stage).toMatchObject({ deploymentId: second, variables: { a: 'b' }, tracingEnabled: true })
  await api.send(new DeleteDeploymentCommand({ restApiId, deploymentId: first }))
  await expect(api.send(move('absent'))).rejects.toMatchObject({ name: 'BadRequestException' })
})

test('a deployment that names the stage moves it too', async () => {
  const first = await deploy()
  await api.send(new CreateStageCommand({ restApiId, stageName: 'live', deploymentId: first, variables: { a: 'b' } }))
  const { id } = await api.send(new CreateDeploymentCommand({ restApiId, stageName: 'live' }))
  expect(await api.send(new GetStageCommand({ restApiId, stageName: 'live' }))).toMatchObject({ deploymentId: id, variables: { a: 'b' } })
})

test('what is not there is not found', async () => {
  expect((await fetch(`${url}/_gantry/restapis/${restApiId}/deployments/absent`)).status).toBe(404)
})
