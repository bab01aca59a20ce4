import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Engine, findEngine, type ImagePlan } from '../../../sandbox/ecs/engine.ts'

/** A PATH on which these scripts stand for engines. */
function machine(programs: Readonly<Record<string, string>>): { path: string; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-engine-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\ncd ${directory}\n${script}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  return { path: `${directory}:/usr/bin:/bin`, directory }
}

const records = 'case $1 in run) echo "$@" >arguments; cat >environment; echo said; exit 7;; *) echo "$@" >>asked;; esac'

async function engineOn(path: string): Promise<Engine> {
  const engine = await findEngine(path)
  if (!engine) throw new Error('no engine was found')
  return engine
}

const plan = (more: Partial<ImagePlan> = {}): ImagePlan => ({
  name: 'gantry-1-server',
  image: 'docs:1',
  environment: { PORT: '8000', TOKEN: 'canary value' },
  readOnlyRoot: true,
  mounts: [
    { kind: 'tmpfs', target: '/tmp', options: 'mode=1777' },
    { kind: 'directory', source: '/files', target: '/app/server', readOnly: true },
  ],
  onOutput: () => undefined,
  ...more,
})

test('the first engine that answers is taken; one that is installed but does not answer is not', async () => {
  const { path } = machine({ docker: 'exit 1', podman: records })
  expect((await engineOn(path)).program).toBe('podman')
  expect(await findEngine(machine({ docker: 'exit 1' }).path, ['docker'])).toBeUndefined()
  expect(await findEngine('/nowhere')).toBeUndefined()
})

test('an image runs with the definition’s mounts, and its variables are in no argument', async () => {
  const { path, directory } = machine({ docker: records })
  const output: Buffer[] = []
  const container = await (await engineOn(path)).start(plan({ onOutput: (chunk) => void output.push(chunk) }))
  expect([await container.exited, Buffer.concat(output).toString()]).toEqual([7, 'said\n'])
  const read = (name: string) => readFileSync(join(directory, name), 'utf8')
  const mounts = '--tmpfs /tmp:mode=1777 --volume /files:/app/server:ro --read-only'
  expect(read('arguments')).toBe(`run --rm --init --network host --name gantry-1-server --env-file /dev/stdin ${mounts} docs:1\n`)
  expect(read('environment')).toBe('PORT=8000\nTOKEN=canary value\n')
})

test('a value of several lines is refused without quoting it', async () => {
  const engine = await engineOn(machine({ docker: records }).path)
  const starting = engine.start(plan({ environment: { KEY: 'canary\nline' } }))
  await expect(starting).rejects.toThrow(/KEY has one$/)
  await expect(starting).rejects.not.toThrow(/canary/)
})
