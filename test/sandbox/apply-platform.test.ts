import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type ApplyPlatformOptions, applyPlatform, platformIsCurrent } from '../../sandbox/apply-platform.ts'
import { platformInput } from '../support/synth-inputs.ts'

const made: string[] = []
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
})

/** A platform with rules in `<root>/policies`, whose stacks bundle is this program and whose Terraform does nothing. */
function options(program: string): ApplyPlatformOptions & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'gantry-apply-platform-'))
  made.push(root)
  const [stacksBundle, policies, terraform] = ['main.mjs', 'policies', 'terraform'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(stacksBundle, program)
  writeFileSync(terraform, '#!/bin/sh\nexit 0\n')
  chmodSync(terraform, 0o755)
  mkdirSync(policies)
  writeFileSync(join(policies, 'rule.yaml'), 'name: before')
  return {
    root,
    directory: join(root, 'platform'),
    stacksBundle,
    input: platformInput('alb', stacksBundle, { review: { policies } }),
    provider: { version: '6.47.0', constraint: '~> 6.47.0', edge: 'alb', mirrorDirectory: root, source: 'option', message: '' },
    environment: { PATH: `${root}:${process.env.PATH}` },
    say: () => {},
    signal: new AbortController().signal,
  }
}
const synthesizing =
  "import { mkdirSync } from 'node:fs'; mkdirSync(`${process.env.GANTRY_SYNTH_OUTDIR}/stacks/platform`, { recursive: true })"

test('a synthesis that fails is told in its own words alone', async () => {
  const failing = "process.stderr.write('rule.yaml:4:14: not CEL\\n'); process.exitCode = 1"
  await expect(applyPlatform(options(failing))).rejects.toThrow(/^rule\.yaml:4:14: not CEL$/)
})

test('a platform of which nothing changed is current', async () => {
  const platform = options(synthesizing)
  await applyPlatform(platform)
  expect(platformIsCurrent(platform)).toBe(true)
})

test('a platform whose rules changed is applied anew', async () => {
  const platform = options(synthesizing)
  await applyPlatform(platform)
  writeFileSync(join(platform.root, 'policies', 'rule.yaml'), 'name: after')
  expect(platformIsCurrent(platform)).toBe(false)
})
