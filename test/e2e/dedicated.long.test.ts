import { APIGatewayClient, GetRestApisCommand, GetStageCommand } from '@aws-sdk/client-api-gateway'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { beforeAll, expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { clientOf } from '../support/own-emulator.ts'
import { stillAlive } from '../support/resources/list-processes.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const definition = (name: string, mode: 'dedicated' | 'shared') => ({
  name,
  serverType: 'stdio',
  startCommand: tinyServer(),
  loadBalancer: { mode },
})
const connect = (id: string) => mcpClient(`${sandbox.url}/mcp/${id}/mcp`, sandbox.adminKey)
const works = async (client: Client) => expect((await client.listTools()).tools).toHaveLength(2)

/** The paths of the snapshot that is live. */
async function publishedPaths(): Promise<string[]> {
  const api = new APIGatewayClient(clientOf(sandbox.emulatorUrl))
  const { items = [] } = await api.send(new GetRestApisCommand({}))
  const restApiId = items[0]?.id ?? ''
  const { deploymentId } = await api.send(new GetStageCommand({ restApiId, stageName: 'live' }))
  const snapshot = await fetch(`${sandbox.emulatorUrl}/_gantry/restapis/${restApiId}/deployments/${deploymentId}`)
  return ((await snapshot.json()) as { resources: { path: string }[] }).resources.map(({ path }) => path)
}

// The provider waits a minute for any load balancer: both lives begin at once, and a shared neighbour's beside them.
let runs: Awaited<ReturnType<typeof gantry.create>>[]
let neighbour: Client
let second: Client
beforeAll(async () => {
  runs = await Promise.all([
    gantry.create(definition('Dedicated one', 'dedicated')),
    gantry.create(definition('Dedicated two', 'dedicated')),
    gantry.create(definition('Neighbour', 'shared')),
  ])
  neighbour = await connect('neighbour')
  second = await connect('dedicatedtwo')
})
it('brings two at once to life, each published by its own run', async () => {
  expect(runs.map(({ run }) => run)).toEqual(runs.map(() => expect.objectContaining({ status: 'SUCCEEDED' })))
  const published = runs.map(({ events }) => events.filter(({ type }) => type === 'publish.done').map(({ data }) => data?.deployment))
  expect(new Set(published.flat()).size, 'two snapshots; a shared server makes none').toBe(2)
  expect(published[2]).toEqual([])
})

it.each(['dedicatedone', 'dedicatedtwo'])('serves %s from the published snapshot through a load balancer of its own', async (id) => {
  expect(await publishedPaths()).toEqual(expect.arrayContaining([`/mcp/${id}`, `/mcp/${id}/{proxy+}`]))
  const { named } = await listResources(sandbox, id)
  expect(named).toEqual(
    expect.arrayContaining([
      `load balancer sandbox-${id}`,
      expect.stringMatching(/^listener /),
      `security group sandbox-${id}-alb`,
      `rest resource /mcp/${id}`,
      `rest resource /mcp/${id}/{proxy+}`,
    ]),
  )
  const client = await connect(id)
  await works(client)
  await client.close()
})

it('is deleted without a trace while its neighbours go on, and the route is gone', async () => {
  const { processes } = await listResources(sandbox, 'dedicatedone')
  const deleting = gantry.remove('dedicatedone')
  await works(neighbour)
  expect((await deleting).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await listResources(sandbox, 'dedicatedone')).toEqual(nothing)
  expect(stillAlive(processes)).toEqual([])
  expect(await publishedPaths()).not.toContain('/mcp/dedicatedone')
  expect((await gantry.call('POST', '/mcp/dedicatedone/mcp', {})).status).toBe(403)
  await works(neighbour)
  await works(second)
  await works(await connect('dedicatedtwo'))
})

it('lets the other one go after it by a publish of its own, and the neighbour without one', async () => {
  await Promise.all([second.close(), neighbour.close()])
  const [dedicated, shared] = await Promise.all(['dedicatedtwo', 'neighbour'].map((id) => gantry.remove(id)))
  expect([dedicated?.run, shared?.run]).toEqual([0, 1].map(() => expect.objectContaining({ status: 'SUCCEEDED' })))
  expect(dedicated?.events.map(({ type }) => type)).toContain('publish.done')
  expect(shared?.events.map(({ type }) => type)).not.toContain('publish.done')
  expect(await publishedPaths()).not.toContain('/mcp/dedicatedtwo')
  expect(await listResources(sandbox, 'dedicatedtwo')).toEqual(nothing)
})
