import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readProposed } from '../../../api/review/read-proposed.ts'
import { parseDefinition } from '../../../schema/parse-definition.ts'

const yaml = 'servers/docs/definition.yaml'
const json = 'servers/docs/definition.json'
const read = (content: string, path = yaml) => readProposed({ path, content })

/** The lines on which problems stand, with the beginning of what they say. */
function problems(content: string, path = yaml): string[] {
  const found = read(content, path)
  if (!found.ok) return found.problems.map(({ line, message }) => `${line} ${message}`)
  const parsed = parseDefinition(found.definition)
  return parsed.ok ? [] : found.locate(parsed.errors).map(({ line, message }) => `${line} ${message}`)
}
const valid = 'name: Docs\nserverType: stdio\nstartCommand: npx docs\n'

describe('a problem is told on the line of its field', () => {
  test.each<[string, string, RegExp]>([
    ['of a wrong value', `${valid}cpu: 257\n`, /^4 cpu: got 257/],
    ['where the value begins on the next line', `${valid}cpu:\n  257\n`, /^4 cpu: /],
    ['inside an object', `${valid}autoScalingConfig:\n  minCapacity: 1\n  maxCapacity: no\n`, /^6 autoScalingConfig.maxCapacity: /],
    ['of an item of a list', `${valid}groups:\n  - group:a\n  - 7\n`, /^6 groups\[1\]: /],
    ['with a name that has to be quoted', `${valid}tags:\n  owner: me\n  "cost\\ncenter": 7\n`, /^6 tags\["cost\\ncenter"\]: /],
    ['that nobody knows', `${valid}\n# more\nfoo:\n  bar: 1\n`, /^6 foo: unknown field/],
    ['that nobody knows inside an object', `${valid}autoScalingConfig:\n  minCapacity: 1\n  maxCapacity: 1\n  foo: 1\n`, /^7 autoScaling/],
    ['that is missing, on the first', 'name: Docs\n', /^1 serverType: missing/],
    ['that is missing, on that of the object it is missing in', `${valid}autoScalingConfig:\n  minCapacity: 1\n`, /^4 autoScalingC/],
    ['called __proto__', `${valid}__proto__:\n  admin: true\n`, /^4 __proto__: unknown field/],
    ['called constructor', `${valid}constructor: 1\n`, /^4 constructor: unknown field/],
    ['that is a merge key', `${valid}<<: {cpu: 512}\n`, /^4 \["<<"\]: unknown field/],
  ])('%s', (_, content, said) => expect(problems(content)).toContainEqual(expect.stringMatching(said)))

  test('in JSON, too', () => {
    const content = JSON.stringify({ name: 'Docs', serverType: 'stdio', startCommand: 'x', groups: ['a', 7], cpu: 3 }, undefined, '\t')
    expect(problems(content, json)).toEqual([expect.stringMatching(/^7 groups\[1\]/), expect.stringMatching(/^9 cpu/)])
  })

  test('of a whole that is no object on the first', () => expect(problems('- a\n')).toEqual([expect.stringMatching(/^1 /)]))
})

describe('what cannot be read is refused on its line', () => {
  test.each<[string, string, RegExp]>([
    ['a key that comes twice', `${valid}name: Other\n`, /^4 name is there twice/],
    ['a key that comes twice in an object', `${valid}tags: {a: b, a: c}\n`, /^4 a is there twice/],
    ['text that is neither', 'name: "Docs\n', /^\d+ Missing closing "quote/],
    ['an alias', 'a: &a [1]\nb: *a\n', /^1 an anchor or alias/],
    ['aliases that would fill the memory', 'a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n', /^1 an anchor or alias/],
    ['a tag', `${valid}description: !!binary aGVsbG8=\n`, /^4 Unresolved tag/],
    ['several documents', `${valid}---\n${valid}`, /^4 Source contains multiple documents/],
    ['what is no text', `${valid}a: \u0000\u0001\n`, /^4 a character that is no text/],
    ['a file of 300 KB', `${valid}# ${'x'.repeat(300_000)}`, /^1 the file has 30\d{4} characters; expected at most 262144/],
  ])('%s', (_, content, said) => expect(problems(content)).toEqual([expect.stringMatching(said)]))

  test('a path that names no server', () => {
    expect(readProposed({ path: 'servers/Docs/definition.json', content: '{}' })).toMatchObject({ ok: false, problems: [{ line: 1 }] })
  })

  test('with twenty problems at most', () => expect(problems(`${valid}a: ${'"'.repeat(1001)}\n`)).toHaveLength(20))

  // The parser alone takes minutes for each of them.
  test.each<[string, string]>([
    ['maps in maps', '{'.repeat(200_000)],
    ['lists in lists', '- '.repeat(100_000)],
    ['quotes', '"'.repeat(200_001)],
    ['tags', '! '.repeat(100_000)],
    ['commas', `[${','.repeat(200_000)}]`],
    ['names', `{${Array.from({ length: 30_000 }, (_, index) => `k${index}`).join()}}`],
  ])('soon, be it 200 KB of %s', (_, content) => {
    const start = performance.now()
    read(content)
    expect(performance.now() - start).toBeLessThan(8000)
  })
})

describe('readProposed', () => {
  test('reads every JSON text as JSON', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (of, space) => {
        const content = JSON.stringify(of, undefined, space)
        const found = read(content, json)
        expect(found.ok && found.definition).toEqual(JSON.parse(content))
      }),
    )
  })

  test('never throws, and counts lines from 1, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'name',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '!',
      '#',
      '|',
      '>',
      '%',
      '\t',
      ',',
      '?',
      '\\',
      '--- ',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (content) => {
        const found = read(content)
        const told = found.ok
          ? found.locate([
              { path: 'a.b[0]["c"]', message: 'm' },
              { path: '', message: 'm' },
            ])
          : found.problems
        expect(told.every(({ line }) => line >= 1 && line <= content.split(/\r\n|\r|\n/).length)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('lets __proto__ change no object', () => {
    const found = read('{"__proto__": {"admin": true}}', json)
    expect(found.ok && (found.definition as { admin?: unknown }).admin).toBe(undefined)
  })
})
