import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { listPrices } from '../../runner/plan-review/list-prices.ts'
import { parseConfig } from '../../stacks/config.ts'
import { synthesize } from '../../stacks/synthesize.ts'
import { ruleText } from '../support/policy-inputs.ts'
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
])('the same %s gives the same bytes', async (_, input) => {
  const files = contents((await synthesize(input, outdir())).directory)
  expect(files).toEqual(contents((await synthesize(input, outdir())).directory))
})

test('a server is its stack and its variables, where cdktf looks for them', async () => {
  const directory = outdir()
  expect((await synthesize(serverInput(), directory)).directory).toBe(join(directory, 'stacks', 'server-docsmcp'))
  expect(readdirSync(join(directory, 'stacks', 'server-docsmcp')).sort()).toEqual(['cdk.tf.json', 'server.auto.tfvars.json'])
})

test('a platform is its stack, its variables and its packed functions', async () => {
  const { directory } = await synthesize(platformInput('nlb', file), outdir())
  const files = ['api.zip', 'authorizer.zip', 'cdk.tf.json', 'platform.auto.tfvars.json', 'reconciler.zip']
  expect(readdirSync(directory).sort()).toEqual(files)
})

test('nothing of this machine is in the files', async () => {
  const directory = outdir()
  const stack = (await synthesize(serverInput(), directory)).directory
  expect(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')).not.toContain(directory)
})

/** A platform with one file of rules, and what else its review says. */
const withRules = (rule: string, more: Record<string, string> = {}) => {
  const policies = outdir()
  writeFileSync(join(policies, 'rule.yaml'), rule)
  return platformInput('alb', file, { review: { policies, ...more } })
}

test('rules and prices are packed word for word into one document, named by its hash in the stack', async () => {
  const prices = fileURLToPath(new URL('../../runner/plan-review/prices.json', import.meta.url))
  const { directory } = await synthesize(withRules(ruleText(), { prices }), outdir())
  const content = readFileSync(join(directory, 'rules.json'), 'utf8')
  expect(JSON.parse(content)).toEqual({ format: 1, policies: [{ path: 'rule.yaml', content: ruleText() }], prices: listPrices })
  expect(readFileSync(join(directory, 'cdk.tf.json'), 'utf8')).toContain(createHash('sha256').update(content).digest('hex'))
})

test('no word of a rule is in the stack or its variables', async () => {
  const { directory } = await synthesize(withRules(ruleText({ message: '${file("/etc/passwd")}' })), outdir())
  for (const name of ['cdk.tf.json', 'platform.auto.tfvars.json'])
    expect(readFileSync(join(directory, name), 'utf8')).not.toContain('passwd')
})

test('rules that do not parse end the synthesis with file, line, column and problem, and nothing is written', async () => {
  const out = outdir()
  const problem = /^The rules in .* do not parse, so nothing is applied:\nrule\.yaml:4:14: require: not CEL: Unexpected token: EOF$/
  await expect(synthesize(withRules(ruleText({ require: '1 +' })), out)).rejects.toThrow(problem)
  expect(readdirSync(out, { recursive: true })).toEqual(['stacks'])
})

test('a price list that is none is named', async () => {
  await expect(synthesize(platformInput('alb', file, { review: { prices: file } }), outdir())).rejects.toThrow(
    `The price list ${file} does not fit`,
  )
})

test('input of no known kind is refused', async () => {
  await expect(synthesize({ kind: 'other' }, outdir())).rejects.toThrow(/kind/)
})

test('a missing input file is named by its variable', () => {
  expect(() => parseConfig({})).toThrow(/GANTRY_SYNTH_INPUT/)
})

test('cdktf synth and the bundle by itself agree on where files go', () => {
  expect(parseConfig({ GANTRY_SYNTH_INPUT: 'in.json', CDKTF_OUTDIR: 'out' })).toEqual({ inputFile: 'in.json', outdir: 'out' })
})
