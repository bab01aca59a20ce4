import {
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetDeploymentsCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway'
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import { publishApi } from '../../aws/publish.ts'

let clients: AwsClients
beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  clients = createAwsClients({ region: 'us-east-1', endpoint: inject('emulatorUrl') })
})

const stageName = 'live'
let restApiId: string
let rootId: string
let bootstrap: string
beforeEach(async () => {
  const { apiGateway } = clients
  const api = await apiGateway.send(new CreateRestApiCommand({ name: 'publish' }))
  restApiId = api.id ?? ''
  rootId = api.rootResourceId ?? ''
  await addMethod(rootId, 'GET')
  await addIntegration(rootId, 'GET')
  bootstrap = (await apiGateway.send(new CreateDeploymentCommand({ restApiId, description: 'bootstrap' }))).id ?? ''
  await apiGateway.send(new CreateStageCommand({ restApiId, stageName, deploymentId: bootstrap }))
})

const addMethod = (resourceId: string, httpMethod: string) =>
  clients.apiGateway.send(new PutMethodCommand({ restApiId, resourceId, httpMethod, authorizationType: 'NONE' }))
const addIntegration = (resourceId: string, httpMethod: string) =>
  clients.apiGateway.send(new PutIntegrationCommand({ restApiId, resourceId, httpMethod, type: 'MOCK' }))
const live = async () => (await clients.apiGateway.send(new GetStageCommand({ restApiId, stageName }))).deploymentId
const deployments = async () =>
  ((await clients.apiGateway.send(new GetDeploymentsCommand({ restApiId, limit: 500 }))).items ?? []).map(({ id }) => id)
const publish = (more: object = {}) =>
  publishApi(clients.apiGateway, { restApiId, stage: stageName, runId: 'run-1', backOff: [10], ...more })

describe('publishing an API', () => {
  test('points the stage to a new deployment', async () => {
    const deployment = await publish()
    expect(await live()).toBe(deployment)
    expect(deployment).not.toBe(bootstrap)
  })

  test("waits while another server's method has no integration yet", async () => {
    const { id = '' } = await clients.apiGateway.send(new CreateResourceCommand({ restApiId, parentId: rootId, pathPart: 'half' }))
    await addMethod(id, 'ANY')
    const reasons: string[] = []
    const deployment = await publish({
      onRetry: (reason: string) => {
        if (reasons.push(reason) === 2) void addIntegration(id, 'ANY')
      },
    })
    expect(reasons.length).toBeGreaterThanOrEqual(2)
    expect(reasons[0]).toContain('No integration defined for method')
    expect(await live()).toBe(deployment)
  })

  test('gives up with the reason when that lasts', async () => {
    await addMethod(rootId, 'POST')
    await expect(publish({ timeoutSeconds: 0 })).rejects.toThrow('No integration defined for method')
    expect(await live()).toBe(bootstrap)
  })

  test("keeps the live one and the last five of its own, and never touches Terraform's bootstrap", async () => {
    const made: string[] = []
    for (let count = 0; count < 8; count += 1) made.push(await publish())
    const left = await deployments()
    expect(left).toContain(bootstrap)
    expect(left).toContain(made.at(-1))
    expect(left).toHaveLength(1 + 5)
  })
})
