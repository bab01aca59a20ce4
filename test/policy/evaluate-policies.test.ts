import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluatePolicies } from '../../policy/evaluate-policies.ts'
import type { PolicyInput } from '../../schema/policy.ts'
import { exampleInput, parsed, resource, ruleText } from '../support/policy-inputs.ts'

const evaluate = (fields: Record<string, string>, input = exampleInput()) => evaluatePolicies(parsed(ruleText(fields)), input)

test('a rule that holds says nothing', () => {
  expect(evaluate({ require: 'server.id == "docsmcp"' })).toEqual([])
})

test('a rule that does not hold says so with its level, name and file', () => {
  const finding = { level: 'warn', rule: 'rule', file: 'rules-0.yaml', message: 'No' }
  expect(evaluate({ level: 'warn', require: 'server.id == "other"' })).toEqual([finding])
})

test('a rule with a match is asked about each resource that matches, and names it', () => {
  const resources = [
    resource('aws_lb', { internal: true }),
    resource('aws_lb', { internal: false }, { address: 'aws_lb.b' }),
    resource('other', {}),
  ]
  const fields = { match: 'resource.type == "aws_lb"', require: 'resource.after.internal' }
  expect(evaluate(fields, exampleInput({}, resources)).map(({ address }) => address)).toEqual(['aws_lb.b'])
})

test('a message can be made of what the rule is about', () => {
  const [finding] = evaluatePolicies(
    parsed('name: a\ndescription: a\nlevel: deny\nrequire: "false"\nmessageExpression: "server.name + \' of \' + platform.name"\n'),
    exampleInput(),
  )
  expect(finding?.message).toBe('Docs MCP of sandbox')
})

test.each([
  ['a missing field', { require: 'definition.image == "x"' }, 'rules-0.yaml:4:22: No such key: image'],
  ['types that do not fit', { require: 'definition.cpu + 1 > 2' }, 'no such overload'],
  ['a value that is no truth', { require: 'definition.name' }, 'rules-0.yaml:4:11: it gave a string, expected true or false'],
  ['an invalid pattern', { require: 'definition.name.matches("(")' }, 'rules-0.yaml:4:'],
])('%s denies, even where the level is warn, and says where and why', (_, fields, why) => {
  const [finding] = evaluate({ ...fields, level: 'warn' })
  expect(finding).toMatchObject({ level: 'deny', message: expect.stringContaining(`The rule rule could not be evaluated, so it denies.`) })
  expect(finding?.message).toContain(why)
})

test('a match that cannot be evaluated denies', () => {
  const [finding] = evaluate({ match: 'resource.after.internal', require: 'true' }, exampleInput({}, [resource('x', {})]))
  expect(finding).toMatchObject({ level: 'deny', address: 'x.x' })
})

test.each([
  ['a pattern that never ends', 'definition.description.matches("^(a+)+$")'],
  ['loops within loops', 'plan.resources.all(a, plan.resources.all(b, plan.resources.all(c, a.type + b.type != c.type)))'],
])('%s is ended, and denies', (_, require) => {
  const resources = Array.from({ length: 400 }, () => resource('aws_lb', {}))
  const started = performance.now()
  const [finding] = evaluate({ require }, exampleInput({ description: `${'a'.repeat(60)}!` }, resources))
  expect(finding?.message).toMatch(/it took longer than 1000 ms/)
  expect(performance.now() - started).toBeLessThan(5000)
})

test.each([
  'definition["__proto__"]',
  'definition["constructor"]',
  'server["toString"]',
  'plan.resources["length"]',
  'server.id["length"]',
])('%s leads nowhere', (expression) => {
  expect(evaluate({ require: `${expression} != null` })[0]?.message).toContain('could not be evaluated')
})

test('a key that is named like a prototype is data like any other', () => {
  const after = JSON.parse('{"tags":{"__proto__":"mine"}}')
  const fields = { match: 'true', require: 'resource.after.tags["__proto__"] == "mine"' }
  expect(evaluate(fields, exampleInput({}, [resource('x', after)]))).toEqual([])
})

test('a credential that a rule repeats is covered', () => {
  const [finding] = evaluatePolicies(parsed('name: a\ndescription: a\nlevel: deny\nrequire: "false"\nmessageExpression: server.name\n'), {
    ...exampleInput(),
    server: { id: 'x', name: 'AKIAABCDEFGHIJKLMNOP' },
  })
  expect(finding?.message).toBe('(credential)')
})

test('whole numbers compare and are found in lists', () => {
  expect(evaluate({ require: 'definition.cpu in [256, 512] && definition.memoryLimitMiB <= 512 && definition.cpu == 256' })).toEqual([])
})

test('no input makes an evaluation throw', () => {
  const rules = parsed(
    ruleText({ name: 'a', match: 'resource.type != ""', require: 'resource.after.x.y in [1, "a", null]' }),
    ruleText({ name: 'b', require: 'plan.resources.exists(r, r.after.list[0] > 1) && definition.tags.all(k, k != "")' }),
    ruleText({ name: 'c', require: 'string(definition.cpu) + definition.name != "" && review.risks.size() == 0' }),
  )
  const json = fc.jsonValue({ maxDepth: 4 })
  const input = fc.record({ definition: json, plan: fc.record({ resources: fc.array(json) }), review: json, server: json, platform: json })
  fc.assert(
    fc.property(input, (any) => {
      for (const { level } of evaluatePolicies(rules, any as PolicyInput)) expect(level).toBe('deny')
    }),
    { numRuns: 500 },
  )
})

test('three hundred resources take no time that anybody notices', () => {
  const resources = Array.from({ length: 300 }, (_, index) => resource('aws_lb', { internal: true }, { address: `aws_lb.x[${index}]` }))
  const rules = parsed(
    ...Array.from({ length: 20 }, (_, index) => ruleText({ name: `r-${index}`, match: 'true', require: 'resource.after.internal' })),
  )
  const started = performance.now()
  evaluatePolicies(rules, exampleInput({}, resources))
  expect(performance.now() - started).toBeLessThan(2000)
})
