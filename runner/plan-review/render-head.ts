import type { PlanReview, RiskKind } from '../../schema/plan-review.ts'
import { code, dollars, plural, sentence } from './markdown-text.ts'

const mostNames = 12

export const riskWords: Readonly<Record<RiskKind, string>> = {
  'data-loss': 'data loss',
  downtime: 'downtime',
  'iam-widening': 'IAM widening',
  exposure: 'exposure',
  rebinding: 'rebinding',
}

/** The ten lines that somebody reads who reads no more. */
export function renderHead(review: PlanReview): string[] {
  const { serverName, serverId, revision, type, runId, planSha256, hold } = review
  return [
    `# Plan for ${code(serverName)}`,
    '',
    `Server ${code(serverId)}, revision ${revision}, run ${code(runId)} (${type}), plan SHA-256 ${code(planSha256)}`,
    '',
    `- **Changes**: ${counts(review)}`,
    `- **Risks**: ${risks(review)}`,
    `- **Cost**: ${cost(review)}`,
    `- **Review** (policy ${hold.policy}): ${hold.reasons.length > 0 ? `waits: ${names(hold.reasons, sentence)}` : 'waits for nobody'}`,
    `- **Rules**: ${policy(review)}`,
    `- **Definition**: ${definition(review)}`,
    `- **Tools**: ${review.tools ? `${names(review.tools)} before this plan` : 'none known: the server is not in service'}`,
  ]
}

function counts({ counts: { create, update, replace, delete: remove, import: taken } }: PlanReview): string {
  if (create + update + replace + remove + taken === 0) return 'none: everything is as the definition says already'
  const all = `${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete`
  return taken > 0 ? `${all}, ${taken} to take over` : all
}

function risks({ risks: found }: PlanReview): string {
  const kinds = [...new Set(found.map(({ kind }) => kind))]
  return kinds.map((kind) => `${found.filter((risk) => risk.kind === kind).length} ${riskWords[kind]}`).join(', ') || 'none found'
}

function cost({ cost: { before, after } }: PlanReview): string {
  const difference = Math.abs(after - before)
  const sign = after < before ? '-' : '+'
  return `${sign}${dollars(difference)} a month (${dollars(before)} → ${dollars(after)}), without traffic`
}

function policy({ policy: findings }: PlanReview): string {
  const [denied, warned] = (['deny', 'warn'] as const).map((level) => findings.filter((finding) => finding.level === level).length)
  if (denied || warned) return `${denied} denied, ${plural(warned ?? 0, 'warning')}`
  return 'nothing to say'
}

const definition = ({ definition: differences }: PlanReview): string =>
  differences.length > 0 ? names(differences.map(({ path, kind }) => `${path} ${kind}`)) : 'as it was'

/** The first of them; a person who wants all reads on. */
function names(list: readonly string[], write = code): string {
  if (list.length === 0) return 'none'
  const more = list.length > mostNames ? ` and ${list.length - mostNames} more` : ''
  return `${list
    .slice(0, mostNames)
    .map((name) => write(name))
    .join(', ')}${more}`
}
