import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reviewPage } from '../../../api/review/review-page.ts'
import type { ReviewStage } from '../../../api/review/review-provider.ts'
import type { PlanReview } from '../../../schema/plan-review.ts'
import type { Run } from '../../../schema/run.ts'
import { aPlan, approvalOf, aRun, aServer, runId, shownRun } from './shown-run.ts'

const page = (changes: Partial<Run> = {}, more: Parameters<typeof shownRun>[0] = {}) =>
  reviewPage(shownRun({ run: aRun(changes), ...more }))
const ended = (status: Run['status'], reason: string): Partial<Run> => ({ status, reason })
const notPlanned: Partial<Run> = { plan: undefined, hold: undefined }

test.each<[Partial<Run>, ReviewStage, string]>([
  [{ ...notPlanned, status: 'QUEUED' }, 'planning', 'Planning'],
  [{ ...notPlanned, status: 'PLANNING' }, 'planning', 'Planning'],
  [{}, 'planned', 'Planned: waits for review'],
  [{ approval: approvalOf() }, 'approved', 'Approved by github:ann: the apply starts'],
  [{ approval: approvalOf(), status: 'APPLYING' }, 'applying', 'Approved by github:ann: applying'],
  [{ status: 'VERIFYING' }, 'applying', 'Applying'],
  [{ status: 'SUCCEEDED' }, 'live', 'Live'],
  [{ status: 'NO_CHANGES' }, 'live', 'No changes: there was nothing to apply'],
  [{ status: 'SUCCEEDED', type: 'delete' }, 'live', 'Deleted: nothing of it is left'],
  [{ status: 'FAILED', error: { code: 'POLICY_DENIED', message: 'no' } }, 'failed', 'Failed: POLICY_DENIED: no'],
  [{ status: 'CANCELLED' }, 'failed', 'Failed: cancelled'],
  [ended('DISCARDED', 'Ann closed it.'), 'discarded', 'Discarded: Ann closed it.'],
  [ended('EXPIRED', 'Nobody decided.'), 'expired', 'Expired: Nobody decided. Start a new run.'],
  [ended('SUPERSEDED', 'Revision 3 is newer.'), 'superseded', 'Superseded: Revision 3 is newer.'],
])('%j is %s', (run, stage, summary) => expect(page(run)).toMatchObject({ stage, summary }))

test('says that the server is stopped where the run stopped it', () => {
  expect(page({ status: 'SUCCEEDED' }, { server: aServer({ status: 'STOPPED' }) }).summary).toBe('Applied: the server is stopped')
})

test('of a plan says in a dozen lines what it does, what it risks, what it costs and what merging means', () => {
  const { title, body } = page()
  expect(title).toBe('Docs: 1 to create, 1 to replace')
  expect(body).toBe(`**Planned: waits for review**

Run \`${runId}\` · revision 2 · proposed by key:0123 · plan \`bbbbbbbbbbbb\`
- Plan: 1 to create, 1 to replace
- Risk: downtime: the load balancer is replaced
- Cost: $1.00 → $2.50 a month (list prices of 2026-10-01)
- Definition: /cpu
- Held (destructive): aws\\_lb.alb is replaced
- Tools now: read\\_docs

[The whole plan](https://gantry.example.com/live/runs/${runId}/plan.md) · [what Terraform says](https://gantry.example.com/live/runs/${runId}/plan.txt) · [the run](https://gantry.example.com/live/runs/${runId}) (behind login)

Merging this approves exactly this plan; closing it discards it; a push that changes its files makes it stale. It expires at 2026-11-28T10:00:00.000Z.
`)
})

test('says how four eyes are proven where they are asked for', () => {
  expect(page({}, { fourEyes: true }).body).toContain('Four eyes are asked for')
})

test('of what is live names endpoint and tools', () => {
  const { body } = page({ status: 'SUCCEEDED' })
  expect(body).toContain('- Endpoint: https://gantry.example.com/live/mcp/docs/mcp\n- Tools: read\\_docs\n')
  expect(body).not.toContain('Merging')
})

test('is there also where the plan and the server are gone', () => {
  expect(page({ ...notPlanned, ...ended('DISCARDED', 'x') }, { plan: undefined, server: undefined }).title).toBe('docs: no plan')
})

/** Everything that users, servers, rules and Terraform say, as one text. */
function hostilePage(text: string, count = 1) {
  const many = <T>(of: T): T[] => Array.from({ length: count }, () => of)
  const plan: Partial<PlanReview> = {
    serverName: text,
    changes: Array.from({ length: Math.min(count, 300) }, () => ({ address: text, type: text, action: 'replace', attributes: [] })),
    risks: many({ kind: 'exposure', address: text, message: text, details: many(text).slice(0, 3) }),
    definition: many({ path: `/${text}`, kind: 'added', after: text }),
    policy: many({ level: 'warn', rule: text, file: text, message: text }),
    hold: { policy: 'always', reasons: many(text) },
    tools: many(text),
  }
  const server = aServer({ name: text, tools: many({ name: text }) })
  const of = (run: Partial<Run>) => page({ createdBy: `git:${text}`, ...run }, { plan: aPlan(plan), server })
  return [
    of({}),
    of({ approval: approvalOf(`git:${text}`) }),
    of({ status: 'SUCCEEDED' }),
    of({ status: 'FAILED', error: { code: 'PLAN_FAILED', message: text } }),
    of(ended('DISCARDED', text)),
  ]
}

test('stays below 60 KB and two dozen lines with 300 resources and 1000 risks whose words are long', () => {
  for (const { title, body, summary } of hostilePage('&<`@#👾 '.repeat(2000), 1000)) {
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000)
    expect(body.split('\n').length).toBeLessThanOrEqual(24)
    expect([[...title].length <= 200, [...summary].length <= 500]).toEqual([true, true])
  }
})

test('is, whatever people write, their text and nothing that GitHub makes something of', () => {
  const pieces = fc.constantFrom(
    '@ann',
    '#1',
    'GH-2',
    'https://x.y',
    'www.x.y',
    '[a](b)',
    '![a](b)',
    '<b>',
    '<!-- gantry:x -->',
    '`',
    '**',
    '_',
    '|',
    '$x$',
    '\n',
    '\r\n\n# ',
    '\u2028',
    '\u202e',
    '\\',
    '&#64;',
    'fixes #1',
    ' ',
  )
  const plain = hostilePage('x')
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (all) => {
      for (const [index, { title, body, summary }] of hostilePage(all.join('')).entries()) {
        const theirs = body
          .replaceAll(/\]\(https:\/\/gantry\.example\.com[^)]*\)/g, ']')
          .replaceAll('- Endpoint: https://gantry.example.com', '')
        expect([title, summary, theirs].join('\n')).not.toMatch(/@\w|#\d|\bgh-\d|:\/\/|\bwww\.|\u202e/i)
        expect(body).not.toContain('<')
        expect(body.split('\n').length).toBe(plain[index]?.body.split('\n').length)
        expect(title).not.toContain('\n')
        expect(body.replaceAll(/\\[!-/:-@[-`{-~]/g, '').match(/`/g)).toHaveLength(4)
      }
    }),
  )
})
