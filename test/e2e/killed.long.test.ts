import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Run, RunEvent } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { type Accepted, controlPlane } from '../support/control-plane.ts'
import { killBuild } from '../support/kill-build.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { processesOf, type SandboxProcess, spawnSandbox, startSandboxProcess } from '../support/sandbox-process.ts'
import { tinyServer } from '../support/tiny-server.ts'

const own = ownDirectory()
const { directory } = own
const definition = { name: 'Again', serverType: 'stdio', startCommand: tinyServer() }
/** Answers when the handshake has waited for twenty seconds. */
const slow = { ...definition, startCommand: ['sh', '-c', 'sleep 20; exec "$@"', 'sh', ...tinyServer()] }
const twoSweepsMilliseconds = 60_000
let sandbox: SandboxProcess

const gantry = () => controlPlane(sandbox.url, sandbox.adminKey)
const runOf = async (id: string) => (await gantry().call<Run>('GET', `/runs/${id}`)).body
const eventsOf = async (id: string) => (await gantry().call<{ events: RunEvent[] }>('GET', `/runs/${id}/events?after=0`)).body.events

async function finishedResources(id: string): Promise<number> {
  const resources = (await eventsOf(id)).flatMap(({ data }) => (data?.resources ?? []) as { state: string }[])
  return resources.filter(({ state }) => state === 'finished').length
}

const reached = (condition: () => Promise<boolean>) => expect.poll(condition, { timeout: 120_000, interval: 50 }).toBe(true)

async function create(of: object): Promise<Run> {
  const { status, body } = await gantry().call<Accepted>('POST', '/servers', of)
  expect(status).toBe(202)
  return body.run
}

async function comesToLife(): Promise<void> {
  const { status, error } = (await gantry().create(definition)).run
  expect({ status, error }).toEqual({ status: 'SUCCEEDED', error: undefined })
}

/** What must be true of a run whose runner was killed. */
async function endsFailed(id: string): Promise<void> {
  await expect.poll(async () => (await runOf(id)).status, { timeout: twoSweepsMilliseconds }).toBe('FAILED')
  const run = await runOf(id)
  expect(run.error).toMatchObject({ code: 'RUNNER_LOST', message: expect.stringContaining('build') })
  const { stored } = await listResources(sandbox, run.serverId)
  expect(stored.filter((name) => name.endsWith('.tflock'))).toEqual([])
  expect((await gantry().call<Server>('GET', `/servers/${run.serverId}`)).body.status).toBe('FAILED')
}

async function deletesWhole(): Promise<void> {
  const { status, error } = (await gantry().remove('again')).run
  expect({ status, error }).toEqual({ status: 'SUCCEEDED', error: undefined })
  expect((await gantry().call('GET', '/servers/again')).status).toBe(404)
  expect(await listResources(sandbox, 'again')).toEqual(nothing)
}

beforeAll(async () => {
  const { child, says, ended } = spawnSandbox({ directory })
  await says('40 resources made')
  child.kill('SIGKILL')
  await ended
  sandbox = await startSandboxProcess({ directory })
})
afterAll(async () => {
  expect(await sandbox.stop()).toBe(0)
  expect(processesOf(directory)).toEqual([])
  own.remove()
})

// One life that does not end must not fail those after it.
afterEach(async () => {
  await gantry()
    .remove('again')
    .catch(() => {})
})

it('begins anew when its first start was killed while Terraform applied the platform', () => {
  expect(sandbox.output()).toContain('the first start was cut short: beginning anew')
})

const shakesHands = async (id: string) =>
  (await eventsOf(id)).some(({ type, data }) => type === 'step.started' && data?.step === 'handshake')

it.each<[string, (id: string) => Promise<boolean>, object?]>([
  ['plans', async (id) => (await runOf(id)).status === 'PLANNING'],
  ['begins to apply', async (id) => (await runOf(id)).status === 'APPLYING'],
  ['has made its first resource', async (id) => (await finishedResources(id)) > 0],
  ['verifies', shakesHands, slow],
])('ends a run whose runner is killed when it %s, frees its lock, and deletes what it left', async (_, condition, of = definition) => {
  const { id } = await create(of)
  await reached(() => condition(id))
  killBuild(directory, (await runOf(id)).buildId as string)
  await endsFailed(id)
  await deletesWhole()
})

it('goes on in a second run where one was killed that had made most resources', async () => {
  const { id } = await create(definition)
  await reached(async () => (await finishedResources(id)) >= 7)
  killBuild(directory, (await runOf(id)).buildId as string)
  await endsFailed(id)
  const { body } = await gantry().call<{ run: Run }>('POST', '/servers/again/runs', { type: 'apply' })
  const { status, error } = (await gantry().follow(body.run.id)).run
  expect({ status, error }).toEqual({ status: 'SUCCEEDED', error: undefined })
  await deletesWhole()
})

it('ends the run, frees its lock and deletes what it left after a kill -9 of the whole sandbox in mid-apply', async () => {
  const { id } = await create(definition)
  await reached(async () => (await finishedResources(id)) > 2)
  await sandbox.kill()
  sandbox = await startSandboxProcess({ directory })
  await endsFailed(id)
  await deletesWhole()
})

it('lets the name live again after all of that, and deletes in a second run what a killed delete left', async () => {
  await comesToLife()
  const { body } = await gantry().call<{ run: Run }>('DELETE', '/servers/again')
  await reached(async () => (await finishedResources(body.run.id)) > 1)
  killBuild(directory, (await runOf(body.run.id)).buildId as string)
  await endsFailed(body.run.id)
  await deletesWhole()
})
