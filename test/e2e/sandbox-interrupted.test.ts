import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, expect, it } from 'vitest'
import { freePort } from '../../sandbox/choose-port.ts'
import { ownDirectory } from '../support/own-directory.ts'
import { familyOf, survivors } from '../support/process-family.ts'
import { processesOf, spawnSandbox } from '../support/sandbox-process.ts'
import { template } from '../support/shared-sandbox.ts'

const own = ownDirectory(template)
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

it.each(['… looking for Terraform', '… building the bundles', '… starting the AWS emulator', '… starting the control plane'])(
  'leaves no process when it is interrupted at "%s"',
  async (moment) => {
    const { code, output, left } = await interruptAt(moment, { directory })
    expect({ code, left }).toEqual({ code: 1, left: [] })
    expect(output.trim().split('\n').at(-1)).toBe('Stopping …')
  },
)

it('leaves no process when Ctrl-C reaches the whole group of `npm start`, npm included, and the reader of its output is gone', async () => {
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, GANTRY_DIRECTORY: directory, GANTRY_PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  let text = ''
  npm.stdout.on('data', (chunk: Buffer) => (text += chunk))
  await expect.poll(() => text, { timeout: 60_000 }).toContain('✓ starting the AWS emulator')
  const family = familyOf(npm.pid as number)
  expect(family.map(({ command }) => command).join('\n')).toContain('emulator/main.py')
  npm.stdout.destroy()
  process.kill(-(npm.pid as number), 'SIGINT')
  await once(npm, 'exit')
  await expect.poll(() => [...survivors(family), ...processesOf(directory)], { timeout: 20_000 }).toEqual([])
})

it('leaves no process when it is interrupted while Terraform applies', async () => {
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

it('forgets every server and key when it is told to begin anew', async () => {
  const { code, output } = await interruptAt('… applying the platform', { directory, arguments: ['--reset'] })
  expect(code).toBe(1)
  expect(output).not.toContain('cut short')
})
