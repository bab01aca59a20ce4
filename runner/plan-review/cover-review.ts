import type { PlanReview } from '../../schema/plan-review.ts'
import type { Cover } from './cover.ts'

/** The review with every text covered that comes from a plan, a definition or a rule; our own words stay as they are. */
export function coverReview(review: PlanReview, { text, value }: Cover): PlanReview {
  return {
    ...review,
    serverName: text(review.serverName),
    hold: { ...review.hold, reasons: review.hold.reasons.map(text) },
    changes: review.changes.map((change) => ({
      ...change,
      address: text(change.address),
      ...(change.why !== undefined && { why: text(change.why) }),
      attributes: change.attributes.map((attribute) => ({ ...attribute, path: text(attribute.path), ...sides(attribute, value) })),
    })),
    risks: review.risks.map((risk) => ({ ...risk, address: text(risk.address), details: risk.details.map(text) })),
    cost: { ...review.cost, lines: review.cost.lines.map((line) => ({ ...line, address: text(line.address) })) },
    definition: review.definition.map((difference) => ({ ...difference, path: text(difference.path), ...sides(difference, value) })),
    ...(review.tools && { tools: review.tools.map(text) }),
    policy: review.policy.map((finding) => ({
      ...finding,
      message: text(finding.message),
      ...(finding.address !== undefined && { address: text(finding.address) }),
    })),
  }
}

function sides(of: { readonly before?: unknown; readonly after?: unknown }, value: Cover['value']) {
  return { ...('before' in of && { before: value(of.before) }), ...('after' in of && { after: value(of.after) }) }
}
