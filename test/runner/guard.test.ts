import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildBundles } from '../../bundles.ts'
import { guardEnvironment } from '../../runner/guard/config.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const plan = 'a saved plan'
const planSha256 = createHash('sha256').update(plan).digest('hex')
const version = '{"terraform_version":"1.11.4"}'

let directory: string
let dist: string
beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'guard-dist-'))
  await buildBundles(root, dist, ['runner/guard.ts'])
})
afterAll(() => rm(dist, { recursive: true, force: true }))

/** Tells what it was called with, and in which environment. */
const fakeTerraform = `#!/bin/sh
echo "$@" >> calls
env > seen-environment
echo '{"type":"apply_start","hook":{"resource":{"addr":"aws_lb.x"}}}'
echo '{"type":"diagnostic","diagnostic":{"severity":"error","address":"aws_lb.x","summary":"var.x Enter a value: Do you want to perform these actions"}}'
exit "\${FAKE_EXIT:-0}"
`

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'guard-'))
  await writeFile(join(directory, 'terraform'), fakeTerraform)
  await chmod(join(directory, 'terraform'), 0o755)
  await writeFile(join(directory, 'plan'), plan)
  await writeFile(join(directory, 'go'), 'go')
  return () => rm(directory, { recursive: true, force: true })
})

function settings(more: Record<string, string>, sha256: string) {
  const config = {
    terraform: join(directory, 'terraform'),
    version,
    plan: join(directory, 'plan'),
    planSha256: sha256,
    eventsFile: join(directory, 'events'),
    resultFile: join(directory, 'result'),
    goFile: join(directory, 'go'),
    lockTimeoutSeconds: 60,
    runnerPid: process.pid,
  }
  const env = { PATH: process.env.PATH, ...guardEnvironment(config), TERRAFORM_BINARY_NAME: 'guard', ...more }
  return { cwd: directory, env, encoding: 'utf8' as const }
}

function guard(args: string[], more: Record<string, string> = {}, sha256 = planSha256) {
  return spawnSync(join(dist, 'runner', 'guard.mjs'), args, settings(more, sha256))
}

const start = async (args: string[]): Promise<number> => {
  const child = spawn(join(dist, 'runner', 'guard.mjs'), args, settings({}, planSha256))
  const [code] = await once(child, 'exit')
  return code
}
const calls = () => readFile(join(directory, 'calls'), 'utf8').catch(() => '')

describe('the guard', () => {
  test.each([
    ['destroy', '-auto-approve'],
    ['apply', '-auto-approve', '-destroy'],
    ['apply', '-target=aws_lb.x'],
    ['apply', '-auto-approve', 'another.plan'],
    ['apply', '-var=x=1'],
    ['init', '-migrate-state'],
    ['plan'],
    ['import', 'a.b', 'c'],
    ['state', 'rm', 'a.b'],
    ['providers', 'lock'],
    ['output', '-json', '-state=x'],
    [''],
  ])('refuses %s %s %s and starts nothing', async (...args) => {
    const { status, stderr } = guard(args)
    expect(status).toBe(1)
    expect(stderr).toContain('only the reviewed plan is applied here')
    expect(await calls()).toBe('')
  })

  test('refuses a plan whose hash is another', async () => {
    const { status, stderr } = guard(['apply', '-auto-approve'], {}, '0'.repeat(64))
    expect(status).toBe(1)
    expect(stderr).toContain(planSha256)
    expect(await calls()).toBe('')
  })

  test("turns cdktf's apply into the saved plan's, with events in a file", async () => {
    expect(guard(['apply', '-auto-approve']).status).toBe(0)
    expect(await calls()).toBe(`apply -json -input=false -lock-timeout=60s ${join(directory, 'plan')}\n`)
    expect(await readFile(join(directory, 'events'), 'utf8')).toContain('"apply_start"')
    expect(JSON.parse(await readFile(join(directory, 'result'), 'utf8'))).toMatchObject({ exitCode: 0 })
  })

  test('shows cdktf kinds and addresses only, so that no text can pass for a question', () => {
    expect(guard(['apply', '-auto-approve']).stdout.trim().split('\n')).toEqual(['apply_start aws_lb.x', 'diagnostic error aws_lb.x'])
  })

  test("ends as Terraform ended, and its variables are none of Terraform's business", async () => {
    expect(guard(['apply', '-auto-approve'], { FAKE_EXIT: '7' }).status).toBe(7)
    expect(await readFile(join(directory, 'seen-environment'), 'utf8')).not.toMatch(/GANTRY_GUARD|TERRAFORM_BINARY_NAME/)
  })

  test('answers version and a repeated init without starting Terraform', async () => {
    expect(guard(['version', '-json']).stdout.trim()).toBe(version)
    expect(guard(['-v']).stdout.trim()).toBe('Terraform v1.11.4')
    expect(guard(['init']).status).toBe(0)
    expect(await calls()).toBe('')
  })

  test('holds init until the runner has said go, and refuses where it says stop', async () => {
    await rm(join(directory, 'go'))
    const waiting = start(['init'])
    await writeFile(join(directory, 'go'), 'stop')
    expect(await waiting).toBe(1)
    expect(guard(['apply', '-auto-approve']).status).toBe(1)
    expect(await calls()).toBe('')
  })

  test('answers output with what the apply has told', async () => {
    const outputs = { name: { sensitive: false, type: 'string', value: 'x' } }
    await writeFile(join(directory, 'events'), `${JSON.stringify({ type: 'outputs', outputs })}\n`)
    expect(JSON.parse(guard(['output', '-json']).stdout)).toEqual(outputs)
    expect(await calls()).toBe('')
  })

  test('passes output through where the apply told none', async () => {
    expect(guard(['output', '-json']).status).toBe(0)
    expect(await calls()).toBe('output -json\n')
  })

  test('runs for nobody but the runner', () => {
    const { status, stderr } = guard(['version'], { GANTRY_GUARD_PLAN: '' })
    expect(status).toBe(1)
    expect(stderr).toContain('GANTRY_GUARD_PLAN is not set')
  })
})
