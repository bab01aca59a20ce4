import { afterAll, expect, inject, it } from 'vitest'
import { freePort } from '../../sandbox/choose-port.ts'
import type { Run } from '../../schema/run.ts'
import { type Accepted, controlPlane } from '../support/control-plane.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { familyOf, survivors } from '../support/process-family.ts'
import { processesOf, spawnSandbox, startSandboxProcess } from '../support/sandbox-process.ts'
import { tinyServer } from '../support/tiny-server.ts'

const own = ownDirectory(inject('template'))
const { directory } = own
afterAll(() => own.remove())

/** Ctrl-C as soon as it has said `moment`; the processes that were there then and are there still. */
async function interruptAt(moment: string, options: { directory: string; port?: number; arguments?: string[] }) {
  const { child, ended, output, says } = spawnSandbox(options)
  await says(moment)
  const family = familyOf(child.pid as number)
  child.kill('SIGINT')
  const code = await ended
  return { code, output: output(), left: [...survivors(family).map(({ command }) => command), ...processesOf(options.directory)] }
}

it.each([
  '… looking for Terraform',
  '… building the bundles',
  '… installing the AWS emulator',
  '… starting the AWS emulator',
  '✓ starting the AWS emulator',
  '… starting the control plane',
])('leaves no process when it is interrupted at "%s"', async (moment) => {
  const { code, output, left } = await interruptAt(moment, { directory })
  expect({ code, left }).toEqual({ code: 1, left: [] })
  expect(output.trim().split('\n').at(-1)).toBe('Stopping …')
})

it('leaves no process when it is interrupted while Terraform applies, and the next start ends what was begun', async () => {
  // Another port is another URL, which the platform must learn.
  const port = await freePort(0)
  const { code, left } = await interruptAt('… applying the platform', { directory, port })
  expect({ code, left }).toEqual({ code: 1, left: [] })
})

it('leaves no process when it is interrupted in the very first apply, and begins anew at the next start', async () => {
  const fresh = ownDirectory()
  const first = await interruptAt('20 resources made', { directory: fresh.directory })
  expect(first).toMatchObject({ code: 1, left: [] })
  const second = await interruptAt('… building', { directory: fresh.directory })
  expect(second.output).toContain('the first start was cut short: beginning anew')
  expect(second).toMatchObject({ code: 1, left: [] })
  fresh.remove()
})

it('leaves no process when it is interrupted while a run applies and a server runs, and both can be gone on with', async () => {
  const first = await startSandboxProcess({ directory })
  const before = controlPlane(first.url, first.adminKey)
  await before.create({ name: 'Steady', serverType: 'stdio', startCommand: tinyServer() })
  const { body } = await before.call<Accepted>('POST', '/servers', { name: 'Cut', serverType: 'stdio', startCommand: tinyServer() })
  await expect.poll(async () => (await before.call<Run>('GET', `/runs/${body.run.id}`)).body.status, { timeout: 60_000 }).toBe('APPLYING')
  const family = familyOf(first.pid)
  expect(family.map(({ command }) => command).join('\n')).toMatch(/bridge\.mjs/)
  expect(await first.stop()).toBe(0)
  expect([...survivors(family), ...processesOf(directory)]).toEqual([])

  const second = await startSandboxProcess({ directory })
  const after = controlPlane(second.url, second.adminKey)
  const { run } = await after.follow(body.run.id)
  expect(['FAILED', 'CANCELLED', 'SUCCEEDED']).toContain(run.status)
  expect((await after.remove('cut')).run.status).toBe('SUCCEEDED')
  expect((await after.remove('steady')).run.status).toBe('SUCCEEDED')
  expect(await second.stop()).toBe(0)
  expect(processesOf(directory)).toEqual([])
})

it('forgets every server and key when it is told to begin anew', async () => {
  const { code, output } = await interruptAt('… applying the platform', { directory, arguments: ['--reset'] })
  expect(code).toBe(1)
  expect(output).not.toContain('cut short')
})
