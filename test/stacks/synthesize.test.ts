import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { parseConfig } from '../../stacks/config.ts'
import { synthesize } from '../../stacks/synthesize.ts'
import { platformInput, serverInput } from '../support/synth-inputs.ts'

const file = fileURLToPath(new URL('../../runner/buildspec.yml', import.meta.url))
const made: string[] = []
const outdir = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-synth-'))
  made.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
})
const contents = (directory: string) =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'base64')]))

test.each([
  ['server', serverInput()],
  ['platform', platformInput('alb', file)],
])('the same %s gives the same bytes', (_, input) => {
  const files = contents(synthesize(input, outdir()).directory)
  expect(files).toEqual(contents(synthesize(input, outdir()).directory))
})

test('a server is its stack and its variables, where cdktf looks for them', () => {
  const directory = outdir()
  expect(synthesize(serverInput(), directory).directory).toBe(join(directory, 'stacks', 'server-docsmcp'))
  expect(readdirSync(join(directory, 'stacks', 'server-docsmcp')).sort()).toEqual(['cdk.tf.json', 'server.auto.tfvars.json'])
})

test('a platform is its stack, its variables and its packed functions', () => {
  const { directory } = synthesize(platformInput('nlb', file), outdir())
  const files = ['api.zip', 'authorizer.zip', 'cdk.tf.json', 'platform.auto.tfvars.json', 'reconciler.zip']
  expect(readdirSync(directory).sort()).toEqual(files)
})

test('nothing of this machine is in the files', () => {
  const directory = outdir()
  const stack = synthesize(serverInput(), directory).directory
  expect(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')).not.toContain(directory)
})

test('input of no known kind is refused', () => {
  expect(() => synthesize({ kind: 'other' }, outdir())).toThrow(/kind/)
})

test('a missing input file is named by its variable', () => {
  expect(() => parseConfig({})).toThrow(/GANTRY_SYNTH_INPUT/)
})

test('cdktf synth and the bundle by itself agree on where files go', () => {
  expect(parseConfig({ GANTRY_SYNTH_INPUT: 'in.json', CDKTF_OUTDIR: 'out' })).toEqual({ inputFile: 'in.json', outdir: 'out' })
})
