import { expect, test } from 'vitest'
import { makePlanReview } from '../../../runner/plan-review/make-plan-review.ts'
import { sampleInput } from './sample-plan.ts'
import { planOf, shownChange } from './shown-change.ts'

const review = (...changes: ReturnType<typeof shownChange>[]) => makePlanReview(sampleInput({ shown: planOf(...changes) }))

test('what stays as it is and what is only read is left out', () => {
  const read = { ...shownChange('aws_y', 'create'), mode: 'data' }
  expect(review(shownChange('aws_x', 'no-op'), read).changes).toEqual([])
})

test('each action is counted once', () => {
  const actions = ['create', 'update', 'replace', 'delete', 'import'] as const
  expect(review(...actions.map((action) => shownChange('aws_x', action))).counts).toEqual({
    create: 1,
    update: 1,
    replace: 1,
    delete: 1,
    import: 1,
  })
})

test('an object that an earlier replacement left behind is told from the one that stays', () => {
  const shown = { ...shownChange('aws_x', 'delete'), deposed: 'ab12' }
  expect(review(shown).changes[0]).toMatchObject({ address: 'aws_x.x (deposed ab12)', why: 'An earlier replacement left it behind.' })
})

test('a stop is a difference of the definition', () => {
  const definition = { name: 'a' }
  const { definition: differences } = makePlanReview(
    sampleInput({ previous: { definition, enabled: true }, next: { definition, enabled: false } }),
  )
  expect(differences).toEqual([{ path: '/enabled', kind: 'changed', before: true, after: false }])
})

test('the gate is asked about this plan', () => {
  const shown = planOf(shownChange('aws_s3_bucket', 'delete'))
  const holdOf = ({ risks }: { risks: { kind: string }[] }) => ({ policy: 'destructive' as const, reasons: risks.map(({ kind }) => kind) })
  expect(makePlanReview(sampleInput({ shown, holdOf })).hold.reasons).toEqual(['data-loss'])
})
