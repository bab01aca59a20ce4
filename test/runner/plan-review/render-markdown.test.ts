import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makePlanReview } from '../../../runner/plan-review/make-plan-review.ts'
import { renderPlanMarkdown } from '../../../runner/plan-review/render-markdown.ts'
import type { PlanReview } from '../../../schema/plan-review.ts'
import { manyResources } from './many-resources.ts'
import { sampleInput } from './sample-plan.ts'

const sample = makePlanReview(sampleInput())
const url = 'https://mcp.example.com/plan'

/** A review in which every text that is not ours is the same one. */
const saying = (text: string): PlanReview => ({
  ...sample,
  serverName: text,
  changes: [{ address: text, type: 'x', action: 'update', why: text, attributes: [{ path: text, before: text, after: { [text]: text } }] }],
  risks: [{ kind: 'exposure', address: text, message: 'More.', details: [text] }],
  cost: { ...sample.cost, lines: [{ address: text, basis: text, before: 1, after: 2 }], prices: { date: '2026-01-01', source: text } },
  definition: [{ path: text, kind: 'changed', before: text, after: [text] }],
  tools: [text],
  policy: [{ level: 'deny', rule: text, file: text, message: text, address: text }],
  hold: { policy: 'always', reasons: [text] },
})

/** Code spans as CommonMark reads them: a run of backticks up to the next run of the same length. */
const withoutCode = (markdown: string): string => markdown.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, 'CODE')

const markup = fc.constantFrom(
  '`',
  '``',
  '```\n',
  '|',
  '<script>',
  '</details>',
  '@octocat',
  '[a](http://x)',
  '![](x)',
  '\n',
  '\n# ',
  '\r\n- ',
  '&lt;',
  '\\',
  'https://x.y',
  '~~~',
  '<!--',
  '\u202e',
  ' ',
  '#1',
)
const hostile = fc
  .array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 5 })), { minLength: 1, maxLength: 12 })
  .map((parts) => `<${parts.join('')}`)

test('somebody else’s text is never more than the content of a code span', () => {
  const plain = withoutCode(renderPlanMarkdown(saying('<x'), { url }))
  fc.assert(fc.property(hostile, (text) => withoutCode(renderPlanMarkdown(saying(text), { url })) === plain))
})

test('a code span shows what stands in it, line breaks and turned text spelled out', () => {
  const markdown = renderPlanMarkdown(saying('a`b\n\u202ec'), {})
  expect(markdown).toContain('``a`b\\n\\u{202e}c``')
})

test('run and plan are named near the top', () => {
  const top = renderPlanMarkdown(sample, {}).split('\n').slice(0, 4).join('\n')
  expect(top).toContain(sample.runId)
  expect(top).toContain(sample.planSha256)
})

test('a plan of nothing says so', () => {
  const review = makePlanReview(sampleInput({ shown: {} }))
  expect(renderPlanMarkdown(review, {})).toContain('**Changes**: none')
})

test.each(['create', 'update', 'replace', 'delete'] as const)(
  'a plan of 300 resources to %s stays below 60 KB and says what is left out',
  (action) => {
    const markdown = renderPlanMarkdown(makePlanReview(sampleInput({ shown: manyResources(300, action) })), { url })
    expect(Buffer.byteLength(markdown)).toBeLessThan(60_000)
    const shown = markdown.match(/^#### /gm)?.length ?? 0
    const rest = 300 - shown
    expect(markdown.trimEnd().endsWith(rest > 0 ? `${rest} more resources in [the JSON](<${url}>).` : 'in the JSON')).toBe(true)
  },
)

test('details without end in every part stay below 60 KB', () => {
  const many = <T>(item: T): T[] => Array.from({ length: 2000 }, () => item)
  const worst = saying('𝕏`'.repeat(500))
  const review: PlanReview = {
    ...worst,
    changes: many(worst.changes[0] as PlanReview['changes'][number]),
    risks: many(worst.risks[0] as PlanReview['risks'][number]),
    definition: many(worst.definition[0] as PlanReview['definition'][number]),
    policy: many(worst.policy[0] as PlanReview['policy'][number]),
    tools: many('tool'.repeat(100)),
  }
  expect(Buffer.byteLength(renderPlanMarkdown(review, { url }))).toBeLessThan(60_000)
})
