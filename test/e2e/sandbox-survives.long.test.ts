import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { type Accepted, controlPlane, mcpClient } from '../support/control-plane.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { familyOf, survivors } from '../support/process-family.ts'
import { processesOf, type SandboxProcess, spawnSandbox, startSandboxProcess } from '../support/sandbox-process.ts'
import { template } from '../support/shared-sandbox.ts'
import { terraformWitness } from '../support/terraform-witness.ts'
import { tinyServer } from '../support/tiny-server.ts'

const own = ownDirectory(template)
const { directory } = own
// Ports of its own: another copy of the template may run just now.
rmSync(join(directory, 'ports.json'))
const witness = terraformWitness()
const environment = { PATH: witness.path }
let sandbox: SandboxProcess
let waiting: Run
let remembered: Awaited<ReturnType<typeof memory>>

const gantry = () => controlPlane(sandbox.url, sandbox.adminKey)

/** All that must be the same after whatever happened; `stack` is what runs just now. */
async function memory() {
  const { stack: _, ...server } = (await gantry().call<Server & { stack?: unknown }>('GET', '/servers/steady')).body
  const { body: runs } = await gantry().call<{ items: Run[] }>('GET', '/runs')
  const { url, adminKey, stateBucket, artifactsBucket } = sandbox
  return { url, adminKey, stateBucket, artifactsBucket, server, runs }
}

async function callsSteady(): Promise<string> {
  const client = await mcpClient(`${sandbox.url}/mcp/steady/mcp`, sandbox.adminKey)
  const { content } = (await client.callTool({ name: 'environment' })) as { content: { text: string }[] }
  await client.close()
  return (JSON.parse(content[0]?.text ?? '') as { MARK: string }).MARK
}

function killEmulator(): void {
  const emulator = familyOf(sandbox.pid).find(({ command }) => command.includes('emulator/main.py'))
  process.kill((emulator as { pid: number }).pid, 'SIGKILL')
}

beforeAll(async () => {
  sandbox = await startSandboxProcess({ directory, environment })
  const { run } = await gantry().create({
    name: 'Steady',
    serverType: 'stdio',
    startCommand: tinyServer(),
    environment: { MARK: 'still here' },
  })
  expect(run.status).toBe('SUCCEEDED')
  const definition = { name: 'Waits', serverType: 'stdio', startCommand: tinyServer(), review: 'always' }
  const { body } = await gantry().call<Accepted>('POST', '/servers', definition)
  waiting = await gantry().waiting(body.run.id)
  remembered = await memory()
})
afterAll(async () => {
  await sandbox.stop()
  own.remove()
})

it('goes on with the same servers, runs and ids when its emulator is killed under it', async () => {
  killEmulator()
  expect(await memory()).toEqual(remembered)
  expect(await callsSteady()).toBe('still here')
})

it('is back after a kill -9 with the same servers, runs and key, the endpoint answers, and Terraform had nothing to do', async () => {
  const family = familyOf(sandbox.pid)
  expect(family.map(({ command }) => command).join('\n')).toContain('bridge.mjs')
  await sandbox.kill()
  await expect.poll(() => [...survivors(family), ...processesOf(directory)]).toEqual([])
  witness.forget()
  sandbox = await startSandboxProcess({ directory, environment })
  expect(new Set(witness.calls())).toEqual(new Set(['version -json']))
  expect(await memory()).toEqual(remembered)
  await expect.poll(() => callsSteady().catch((error: Error) => error.message), { timeout: 15_000 }).toBe('still here')
})

it('applies after a kill -9 exactly what had waited for review before it', async () => {
  await gantry().approve(waiting)
  const { run } = await gantry().follow(waiting.id)
  expect(run).toMatchObject({ status: 'SUCCEEDED', plan: { planSha256: waiting.plan?.planSha256 } })
})

it('leaves no process when it is interrupted while a run applies, and ends that run at the next start', async () => {
  const { body } = await gantry().call<Accepted>('POST', '/servers', { name: 'Cut', serverType: 'stdio', startCommand: tinyServer() })
  const status = async () => (await gantry().call<Run>('GET', `/runs/${body.run.id}`)).body.status
  await expect.poll(status, { timeout: 60_000 }).toBe('APPLYING')
  const family = familyOf(sandbox.pid)
  expect(await sandbox.stop()).toBe(0)
  expect([...survivors(family), ...processesOf(directory)]).toEqual([])

  sandbox = await startSandboxProcess({ directory, environment })
  const { run } = await gantry().follow(body.run.id)
  expect(run).toMatchObject({ status: expect.stringMatching(/FAILED|CANCELLED/), error: { message: expect.stringMatching(/\w/) } })
  expect((await gantry().remove('cut')).run.status).toBe('SUCCEEDED')
  expect((await gantry().call('GET', '/servers/cut')).status).toBe(404)
  await expect.poll(() => callsSteady().catch((error: Error) => error.message), { timeout: 15_000 }).toBe('still here')
})

it('ends and says why when its emulator cannot come back, and says it again at the next start', async () => {
  const journal = join(directory, 'emulator', 'journal')
  truncateSync(journal)
  writeFileSync(journal, 'not a journal\n')
  const family = familyOf(sandbox.pid)
  killEmulator()
  expect(await sandbox.ended).toBe(1)
  const why = `${journal} was written by another version of the emulator; begin anew with \`npm start -- --reset\`.`
  expect(sandbox.output().trim().split('\n').at(-1)).toContain(why)
  expect([...survivors(family), ...processesOf(directory)]).toEqual([])

  const { ended, output } = spawnSandbox({ directory })
  expect(await ended).toBe(1)
  expect(output().trim().split('\n').at(-1)).toContain(why)
  expect(processesOf(directory)).toEqual([])
})
