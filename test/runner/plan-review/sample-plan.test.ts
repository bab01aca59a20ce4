import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makePlanReview } from '../../../runner/plan-review/make-plan-review.ts'
import { renderPlanMarkdown } from '../../../runner/plan-review/render-markdown.ts'
import { PlanReview } from '../../../schema/plan-review.ts'
import { recordedPlan, sampleInput } from './sample-plan.ts'

const url = 'https://mcp.example.com/v1/runs/01jd9v7w3k8m2n4p6q8r0s2t4v/plan'

test('docs/sample-plan.md is what a recorded change of a real server reads like', async () => {
  const file = fileURLToPath(new URL('../../../docs/sample-plan.md', import.meta.url))
  await expect(renderPlanMarkdown(makePlanReview(sampleInput()), { url })).toMatchFileSnapshot(file)
})

test.each(['creation', 'change', 'deletion'] as const)('the review of a recorded %s is one by its schema', (name) => {
  expect(PlanReview.safeParse(makePlanReview(sampleInput({ shown: recordedPlan(name) }))).error).toBeUndefined()
})
