import type { PlanReview } from '../../schema/plan-review.ts'
import { coverPlanText } from './cover-plan-text.ts'
import { makePlanReview, type PlanReviewInput } from './make-plan-review.ts'
import { renderPlanMarkdown } from './render-markdown.ts'

export interface PresentedPlan {
  readonly review: PlanReview
  /** `plan.md` */
  readonly markdown: string
  /** `plan.txt` */
  readonly text: string
}

/** All that people may see of a plan. `planText` is what `terraform plan` said, `url` leads to the review as JSON. */
export function presentPlan(input: PlanReviewInput & { readonly planText: string; readonly url?: string }): PresentedPlan {
  const review = makePlanReview(input)
  return { review, markdown: renderPlanMarkdown(review, { url: input.url }), text: coverPlanText(input.planText, input.shown) }
}
