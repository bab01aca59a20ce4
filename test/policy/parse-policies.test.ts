import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePolicies, problemLines } from '../../policy/parse-policies.ts'
import { arbitraryText } from '../support/arbitrary-definition.ts'
import { parsed, ruleText } from '../support/policy-inputs.ts'

const problemsOf = (content: string, path = 'a.yaml') => {
  const result = parsePolicies([{ path, content }])
  return result.ok ? [] : result.problems
}
const first = (content: string) => problemsOf(content)[0]

test('a file can hold several rules', () => {
  expect(parsed(`${ruleText({ name: 'a' })}---\n${ruleText({ name: 'b' })}`).map(({ name, line }) => [name, line])).toEqual([
    ['a', 1],
    ['b', 7],
  ])
})

test('text that is no YAML is refused where it stops being YAML', () => {
  expect(first('name: a\nlevel: [deny\nrequire: x')).toMatchObject({ file: 'a.yaml', line: 3, message: expect.stringMatching(/flow/i) })
})

test('everything that is wrong is told at once', () => {
  const content = 'name: Not A Name\nlevel: perhaps\nrequire: "true"\nmessage: no\nwhen: always\n'
  expect(problemsOf(content).map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '1: name: expected lower-case words with hyphens between them',
    '1: description: Invalid input: expected string, received undefined',
    '2: level: expected deny or warn',
    '5: unknown field when; expected only name, description, level, match, require, message, messageExpression',
  ])
})

test('problems of all files are told, each with its file', () => {
  const files = ['a.yaml', 'b.yaml'].map((path) => ({ path, content: 'nothing' }))
  const result = parsePolicies(files)
  expect(result.ok ? [] : result.problems.map(({ file }) => file)).toEqual(['a.yaml', 'b.yaml'])
})

test.each([
  ['plain', 'require: server.id == = 1', 1, 23],
  ['double quotes', 'require: "server.id == \\"a\\" ++ 1"', 1, 31],
  ['single quotes', "require: 'server.id == ''a'' ++ 1'", 1, 31],
  ['a literal block', 'require: |  # why\n  server.id == "a" &&\n    ++ 1', 3, 5],
  ['a folded block', 'require: >-\n  server.id == "a" &&\n\n  true\n  ++ 1', 5, 4],
  ['plain lines', 'require: server.id == "a" &&\n  true\n  ++ 1', 3, 4],
])('an expression in %s that does not parse is refused at its own line and column', (_, yaml, line, column) => {
  const content = `${yaml}\nname: a\ndescription: a\nlevel: deny\nmessage: a\n`
  expect(problemsOf(content)).toEqual([{ file: 'a.yaml', line, column, message: expect.stringMatching(/^require: not CEL: Unexpected/) }])
})

test.each([
  ['an unknown variable', 'env.HOME == ""', 'Unknown variable: env'],
  ['an unknown function', 'readFile("/etc/passwd") == ""', 'readFile'],
  ['a resource where no match chooses one', 'resource.type == ""', 'Unknown variable: resource'],
  ['a misspelt field', 'definition.imge == ""', 'there is no field imge here; expected one of name, description'],
  ['a misspelt field far down', 'has(review.cost.afterwards)', 'there is no field afterwards here; expected one of before, after'],
  ['a prototype', 'definition.constructor.name == ""', 'there is no field constructor'],
  ['what gives no truth', 'server.id + "x"', 'Unknown'],
  ['types that never fit', 'size(server.id) == "a" + 1', 'no such overload: string + int'],
])('%s is refused before any plan', (_, require, message) => {
  if (message === 'Unknown') expect(first(ruleText({ require: '1 + 1' }))?.message).toBe('require: expected a bool, this gives int')
  else expect(first(ruleText({ require }))?.message).toContain(message)
})

test('a field of a resource is known where a match chooses resources', () => {
  expect(problemsOf(ruleText({ match: 'resource.type == "aws_lb"', require: 'resource.after.internal' }))).toEqual([])
})

test('a rule says either text or an expression that gives it', () => {
  expect(first(ruleText({ messageExpression: '"x"' }))?.message).toMatch(/either message .* or messageExpression/)
})

test('a name belongs to one rule of the platform', () => {
  const [a, b] = ['a.yaml', 'b.yaml'].map((path) => ({ path, content: ruleText() })) as [never, never]
  const result = parsePolicies([a, b])
  expect(result).toEqual({
    ok: false,
    problems: [{ file: 'b.yaml', line: 1, column: 1, message: 'the name rule is taken by the rule at a.yaml:1' }],
  })
})

test('a file without a rule is refused', () => {
  expect(first('# later\n')?.message).toMatch(/^no rule in it/)
})

test.each([
  ['an alias', 'name: &a rule\ndescription: *a\nlevel: deny\nrequire: "true"\nmessage: No\n', /Alias resolution is disabled/],
  ['a tag', `${ruleText()}`.replace('name: ', 'name: !!js/function '), /Unresolved tag/],
  ['a prototype', `${ruleText()}__proto__: { level: warn }\n`, /unknown field __proto__/],
  ['a field that is said twice', `${ruleText()}level: warn\n`, /unique/],
  ['nesting without end', '['.repeat(60_000), /call stack|not YAML that a rule may be/],
  ['a file without end', `${ruleText()}# ${'x'.repeat(70_000)}`, /characters, expected at most 65536/],
  ['parentheses without end', ruleText({ require: '('.repeat(3_900) }), /maxDepth/],
])('%s is a problem, not a crash', (_, content, message) => {
  expect(first(content)?.message).toMatch(message)
})

test('the first character of an expression is found behind the quotes that its text begins with', () => {
  expect(first('require: "\\"a\\""\nname: a\ndescription: a\nlevel: deny\nmessage: a\n')).toMatchObject({ line: 1, column: 12 })
})

test('more rules than a platform may have are refused', () => {
  const content = Array.from({ length: 101 }, (_, index) => ruleText({ name: `rule-${index}` })).join('---\n')
  expect(first(content)?.message).toBe('got 101 rules, expected at most 100 on a platform')
})

test('problems read as one line each, as compilers write them', () => {
  expect(problemLines([{ file: 'a.yaml', line: 2, column: 3, message: 'no' }])).toBe('a.yaml:2:3: no')
})

test('no text throws, and whatever is wrong has a place in its file', () => {
  const field = fc.constantFrom('name', 'level', 'require', 'match', 'message', 'messageExpression', '__proto__')
  const yaml = fc.array(fc.tuple(field, arbitraryText), { maxLength: 6 }).map((pairs) => pairs.map(([a, b]) => `${a}: ${b}`).join('\n'))
  const quoted = fc.tuple(field, arbitraryText).map(([name, text]) => ruleText({ [name]: text }))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), yaml, quoted), (content) => {
      const lines = content.split(/\r\n|\n|\r/).length
      for (const { line, column, message } of problemsOf(content)) {
        expect(message).not.toBe('')
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lines)
        expect(column).toBeGreaterThanOrEqual(1)
      }
    }),
    { numRuns: 500 },
  )
})
