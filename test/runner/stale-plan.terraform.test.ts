import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { applySavedPlan } from '../../runner/guard/apply-saved-plan.ts'
import { firstError } from '../../terraform/diagnostics.ts'

test('a state that moves after our own comparison is seen by Terraform itself, which applies nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'stale-plan-'))
  const terraform = (...args: string[]) => promisify(execFile)('terraform', [`-chdir=${directory}`, ...args, '-no-color', '-input=false'])
  const write = (input: string) =>
    writeFile(join(directory, 'main.tf.json'), JSON.stringify({ resource: { terraform_data: { one: { input } } } }))
  const state = () => readFile(join(directory, 'terraform.tfstate'), 'utf8')
  const here = process.cwd()
  try {
    await write('first')
    await terraform('init')
    await terraform('apply', '-auto-approve')
    await write('reviewed')
    await terraform('plan', '-out=saved.tfplan')
    await write('other')
    await terraform('apply', '-auto-approve')
    const before = await state()
    await writeFile(join(directory, 'go'), 'go')
    const plan = join(directory, 'saved.tfplan')
    const config = {
      terraform: 'terraform',
      version: '{}',
      plan,
      planSha256: createHash('sha256')
        .update(await readFile(plan))
        .digest('hex'),
      eventsFile: join(directory, 'events'),
      resultFile: join(directory, 'result'),
      goFile: join(directory, 'go'),
      lockTimeoutSeconds: 5,
      runnerPid: process.pid,
      childEnvironment: {
        PATH: process.env.PATH ?? '',
        HOME: directory,
        CHECKPOINT_DISABLE: '1',
        TF_DATA_DIR: join(directory, '.terraform'),
      },
    }
    process.chdir(directory)
    expect(await applySavedPlan(config, [], { stdout: new PassThrough().resume(), stderr: new PassThrough().resume() })).toBe(1)
    expect(firstError((await readFile(config.eventsFile, 'utf8')).split('\n'))?.summary).toBe('Saved plan is stale')
    expect(await state()).toBe(before)
  } finally {
    process.chdir(here)
    await rm(directory, { recursive: true, force: true })
  }
})
