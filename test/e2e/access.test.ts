import { beforeAll, expect, it } from 'vitest'
import { controlPlane } from '../support/control-plane.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const admin = controlPlane(sandbox.url, sandbox.adminKey)
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

async function keyOf(groups: string[]): Promise<{ id: string; token: string }> {
  const { body } = await admin.call<{ id: string; token: string }>('POST', '/api-keys', { description: 'test', groups })
  return body
}

async function statuses(token: string | undefined): Promise<{ control: number; data: number }> {
  const caller = controlPlane(sandbox.url, token)
  const control = await caller.call('GET', '/servers')
  const data = await caller.call('POST', '/mcp/finance/mcp', initialize, { accept: 'application/json, text/event-stream' })
  return { control: control.status, data: data.status }
}

beforeAll(async () => {
  await admin.create({ name: 'Finance', serverType: 'stdio', startCommand: tinyServer(), groups: ['finance'] })
})

it('lets a member of the group call the server', async () => {
  expect(await statuses((await keyOf(['finance'])).token)).toEqual({ control: 200, data: 200 })
})

it('answers 401 on both planes without a key', async () => {
  expect(await statuses(undefined)).toEqual({ control: 401, data: 401 })
})

it('answers 401 on both planes to a wrong key', async () => {
  expect(await statuses(`gantry_${'a'.repeat(16)}_${'b'.repeat(43)}`)).toEqual({ control: 401, data: 401 })
})

it('answers 403 on the data plane, and shows nothing on the control plane, without the group', async () => {
  const caller = controlPlane(sandbox.url, (await keyOf(['sales'])).token)
  expect((await caller.call('POST', '/mcp/finance/mcp', initialize)).status).toBe(403)
  expect((await caller.call('GET', '/servers/finance')).status).toBe(404)
  expect((await caller.call('POST', '/servers', {})).status).toBe(403)
})

it('answers 401 on both planes within 5 s of a key being revoked', async () => {
  const { id, token } = await keyOf(['finance'])
  expect(await statuses(token)).toEqual({ control: 200, data: 200 })
  expect((await admin.call('DELETE', `/api-keys/${id}`)).status).toBe(204)
  await expect.poll(() => statuses(token), { timeout: 5000 }).toEqual({ control: 401, data: 401 })
})

it('answers 403 to another spelling of the path', async () => {
  const { token } = await keyOf(['finance'])
  const caller = controlPlane(sandbox.url, token)
  expect((await caller.call('POST', '/mcp/Finance/mcp', initialize)).status).toBe(403)
})
