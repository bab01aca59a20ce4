import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { putObject } from '../../aws/objects.ts'
import { sha256 } from '../../runner/archive.ts'
import { listPrices } from '../../runner/plan-review/list-prices.ts'
import { readRules } from '../../runner/steps/read-rules.ts'
import { ruleText } from '../support/policy-inputs.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
})
afterAll(() => platform.programs.remove())

/** Reads what the contract names, after this document was put where it points. */
async function read(document: unknown, hash?: string) {
  const { clients, contract } = platform
  const body = JSON.stringify(document)
  const key = `rules/${sha256(body)}.json`
  if (document !== undefined) await putObject(clients.s3, contract.stateBucket, key, body, 'application/json')
  return readRules({ clients, contract: { ...contract, review: { ...contract.review, rules: { key, sha256: hash ?? sha256(body) } } } })
}
const file = (content: string) => ({ path: 'a.yaml', content })

test('a platform without rules has none', async () => {
  expect(await readRules(platform)).toEqual({ policies: [] })
})

test('rules and prices are those that the contract names', async () => {
  const rules = await read({ format: 1, policies: [file(ruleText())], prices: listPrices })
  expect(rules).toMatchObject({ policies: [{ name: 'rule', file: 'a.yaml' }], prices: listPrices })
})

test('rules that are not there end the run', async () => {
  const { clients, contract } = platform
  const rules = { key: 'rules/gone.json', sha256: 'f00d' }
  const reading = readRules({ clients, contract: { ...contract, review: { ...contract.review, rules } } })
  await expect(reading).rejects.toMatchObject({
    error: { code: 'PLAN_FAILED', message: expect.stringContaining('rules/gone.json are not in') },
  })
})

test('rules whose bytes are not those of the contract end the run', async () => {
  const reading = read({ format: 1, policies: [file(ruleText({ level: 'warn' }))] }, 'f00d')
  await expect(reading).rejects.toMatchObject({
    error: { code: 'PLAN_FAILED', message: expect.stringMatching(/SHA-256 .* expected f00d/) },
  })
})

test('rules that do not parse end the run, naming file and line', async () => {
  const reading = read({ format: 1, policies: [file(ruleText({ require: '1 +' }))] })
  await expect(reading).rejects.toMatchObject({
    error: { code: 'POLICY_DENIED', message: expect.stringContaining('a.yaml:4:14: require') },
  })
})
