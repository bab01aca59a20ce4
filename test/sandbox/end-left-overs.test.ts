import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { endLeftOvers } from '../../sandbox/end-left-overs.ts'
import { layout } from '../../sandbox/layout.ts'

const place = layout(join(mkdtempSync(join(tmpdir(), 'gantry-left-')), 'sandbox'))
let started: ChildProcess[] = []
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started = []
})

async function start(environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('sleep', ['60'], { env: { PATH: process.env.PATH, ...environment }, detached: true })
  started.push(child)
  await once(child, 'spawn')
  return child
}

it.each([
  ['a build', { HOME: place.home }],
  ["the platform's Terraform", { A: 'b', TF_CLI_CONFIG_FILE: join(place.platform, 'terraform.rc') }],
  ['a task without a view of its own', { HOME: join(place.tasks, 'tasks', 'x', 'tmp') }],
])('ends %s that a killed sandbox left', async (_, environment) => {
  const child = await start(environment)
  const exit = once(child, 'exit')
  expect(endLeftOvers(place)).toBe(1)
  expect(await exit).toEqual([null, 'SIGKILL'])
})

it('lets everybody else live, also who only names the directory', async () => {
  const others = [
    { GANTRY_DIRECTORY: place.directory },
    { HOME: `${place.home}-other` },
    { HOME: place.directory },
    { OLD_HOME: place.home },
  ]
  for (const environment of others) await start(environment)
  expect(endLeftOvers(place)).toBe(0)
})
