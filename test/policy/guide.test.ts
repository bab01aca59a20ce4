import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { evaluatePolicies } from '../../policy/evaluate-policies.ts'
import { parsePolicies, problemLines } from '../../policy/parse-policies.ts'
import { Policy, PolicyInput } from '../../schema/policy.ts'
import { exampleInput, noCost, parsed } from '../support/policy-inputs.ts'

const guide = readFileSync('docs/guides/policies.md', 'utf8')
const blocks = (kind: string) =>
  [...guide.matchAll(/```(\w*)\n([\s\S]*?)```/g)].filter((found) => found[1] === kind).map((found) => found[2] ?? '')
const commands = blocks('')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('npm run policies -- '))
const run = (args: string[]) => promisify(execFile)(process.execPath, ['--import', 'tsx', 'policy/main.ts', ...args])

test('the rules of the guide parse', () => {
  expect(parsed(...blocks('yaml')).map(({ name }) => name)).toEqual(['cost-ceiling', 'load-balancers-are-internal', 'says-who-answers'])
})

test('the rules of the guide say what the guide says', () => {
  const input = exampleInput({}, [], { ...noCost, after: 201 })
  expect(evaluatePolicies(parsed(...blocks('yaml')), input).map(({ level, message }) => `${level} ${message}`)).toEqual([
    'deny It would cost more than 200 dollars a month. Ask for less cpu, memory or tasks.',
    'warn The server Docs MCP has no tag team.',
  ])
})

test('the refusal in the guide is what is said', () => {
  const content = (blocks('yaml')[0] ?? '').replace('review.cost.after', 'review.costs.after')
  const result = parsePolicies([{ path: 'cost.yaml', content }])
  expect(guide).toContain(problemLines(result.ok ? [] : result.problems))
})

test.each(Object.keys({ ...Policy.shape, ...PolicyInput.shape }))('the guide tells what %s is', (field) => {
  expect(guide).toMatch(new RegExp(`^\\|[^|]*\`${field}[\`.]`, 'm'))
})

test.each([
  ["'a,b'.split(',').join('-')", 'a-b'],
  ["'A'.lowerAscii() + 'b'.upperAscii() + ' c '.trim()", 'aBc'],
  ["'abc'.substring(1) + string('abc'.indexOf('c'))", 'bc2'],
  ["cel.bind(x, 'a', x + x)", 'aa'],
])('the function in %s is there', (messageExpression, text) => {
  const rule = `name: a\ndescription: a\nlevel: warn\nrequire: "false"\nmessageExpression: "${messageExpression}"\n`
  expect(evaluatePolicies(parsed(rule), exampleInput())[0]?.message).toBe(text)
})

test.each(commands)('%s ends well', async (command) => {
  const { stdout } = await run(command.split(' ').slice(4))
  expect(stdout).toMatch(/^(6 rules, all in order|No rule has anything to say)\.\n$/)
})

test('a plan that a rule denies is exit code 1', async () => {
  await expect(run(['examples/policies', '--input', 'test/policy/denied-input.json'])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^deny allowed-registries \(allowed-registries\.yaml\): The image docker\.io/),
  })
})

test('the command tells how it is used', async () => {
  expect((await run(['--help'])).stdout).toMatch(/^Usage: npm run policies/)
})
