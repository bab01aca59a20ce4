import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { processesOf, type SandboxProcess, spawnSandbox, startSandboxProcess } from '../support/sandbox-process.ts'
import { tinyServer } from '../support/tiny-server.ts'

const own = ownDirectory()
const { directory } = own
/** A user who configured nothing, on a machine from which the registry cannot be reached. */
const environment = {
  GANTRY_PROVIDER_MIRROR: undefined,
  TF_CLI_CONFIG_FILE: undefined,
  HOME: mkdtempSync(join(tmpdir(), 'gantry-home-')),
  HTTPS_PROXY: 'http://127.0.0.1:9',
}
const definition = { name: 'Old edge', serverType: 'stdio', startCommand: tinyServer() }
let sandbox: SandboxProcess
const gantry = () => controlPlane(sandbox.url, sandbox.adminKey)

beforeAll(async () => {
  sandbox = await startSandboxProcess({ directory, environment })
})
afterAll(async () => {
  await sandbox.stop()
  own.remove()
  rmSync(environment.HOME, { recursive: true, force: true })
})

it('finds provider 5.100.0 by itself, says where, and starts with edge nlb', () => {
  expect(sandbox.output()).toMatch(/AWS provider 5\.100\.0 \(edge nlb\) from \/.*, a root-owned directory/)
  expect(sandbox).toMatchObject({ edge: 'nlb', providerVersion: '5.100.0' })
})

it('brings a shared server to life, serves it and leaves nothing of it', async () => {
  expect((await gantry().create(definition)).run).toMatchObject({ status: 'SUCCEEDED' })
  const { body } = await gantry().call<Server>('GET', '/servers/oldedge')
  expect(body).toMatchObject({ status: 'IN_SERVICE', tools: [{ name: 'environment' }, { name: 'arguments' }] })
  const client = await mcpClient(body.endpoint as string, sandbox.adminKey)
  expect(await client.callTool({ name: 'arguments' })).toMatchObject({ content: [{ type: 'text' }] })
  await client.close()
  expect((await gantry().remove('oldedge')).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await listResources(sandbox, 'oldedge')).toEqual(nothing)
})

it('refuses a dedicated server, which that edge cannot have', async () => {
  const { status, body } = await gantry().call('POST', '/servers', { ...definition, loadBalancer: { mode: 'dedicated' } })
  expect(status).toBe(422)
  expect((body as { errors: { path: string }[] }).errors).toMatchObject([{ path: expect.stringContaining('loadBalancer') }])
})

it('keeps its edge: a provider of the other one is refused at the next start', async () => {
  expect(await sandbox.stop()).toBe(0)
  const { ended, output } = spawnSandbox({ directory, environment: { ...environment, GANTRY_PROVIDER_MIRROR: tmpdir() } })
  expect(await ended).toBe(1)
  expect(output()).toContain('This sandbox was made with ~> 5.100.0; npm start -- --reset begins anew with another.')
  expect(processesOf(directory)).toEqual([])
})
