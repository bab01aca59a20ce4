import type { PlanReview } from '../../schema/plan-review.ts'

export const renderPlanMarkdown = (review: PlanReview, { url }: { url: string }): string =>
  `# ${review.serverName}\n\nRun ${review.runId}, plan ${review.planSha256}, ${url}\n`
