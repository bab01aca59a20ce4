import type { PlanReview } from '../../schema/plan-review.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import type { ReviewPage, ReviewStage } from './review-provider.ts'

export interface ShownRun {
  readonly run: Run
  /** Undefined where the server is gone. */
  readonly server: Server | undefined
  /** Undefined where the plan cannot be read any more. */
  readonly plan: PlanReview | undefined
  /** What clients see in front of the control plane. */
  readonly publicUrl: string
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`
const most = 5

/** What a pull request says of a run: a dozen lines, the rest behind a link. User text in it is escaped. */
export function reviewPage({ run, server, plan, publicUrl }: ShownRun): ReviewPage {
  const stage = stageOf(run)
  const url = `${publicUrl}/runs/${run.id}`
  const counts = plan ? countsLine(plan) : 'no plan'
  const name = plan?.serverName ?? server?.name ?? run.serverId
  const title = `${name}: ${run.type === 'delete' ? 'delete the server, ' : ''}${counts}`
  const lines = [
    `**${sayStage(stage, run, server)}**`,
    '',
    `Run \`${run.id}\` · revision ${run.revision} · proposed by ${escapeMarkdown(run.createdBy)} · plan \`${(run.plan?.planSha256 ?? '').slice(0, 12)}\``,
    ...(plan ? planLines(plan) : []),
    ...liveLines(stage, server),
    '',
    `[The whole plan](${url}/plan.md) · [what Terraform says](${url}/plan.txt) · [the run](${url}) (behind login)`,
    ...(stage === 'planned' ? ['', waitingLine(run)] : []),
  ]
  return { stage, title: title.slice(0, 200), body: `${lines.join('\n')}\n`, summary: sayStage(stage, run, server), url }
}

function stageOf(run: Run): ReviewStage {
  switch (run.status) {
    case 'SUCCEEDED':
    case 'NO_CHANGES':
      return 'live'
    case 'FAILED':
    case 'CANCELLED':
      return 'failed'
    case 'DISCARDED':
      return 'discarded'
    case 'EXPIRED':
      return 'expired'
    case 'SUPERSEDED':
      return 'superseded'
    case 'APPLYING':
    case 'PUBLISHING':
    case 'VERIFYING':
      return 'applying'
    case 'QUEUED':
    case 'PLANNING':
      return 'planning'
    default:
      return run.approval ? 'approved' : 'planned'
  }
}

function sayStage(stage: ReviewStage, run: Run, server: Server | undefined): string {
  const by = run.approval?.by ?? ''
  const said: Record<ReviewStage, string> = {
    planning: 'Planning',
    planned: 'Planned: waits for review',
    approved: `Approved by ${by}: the apply starts`,
    applying: `Approved by ${by}: applying`,
    live: run.type === 'delete' ? 'Deleted: nothing of it is left' : `Live at ${server?.endpoint ?? 'its endpoint'}`,
    failed: `Failed: ${escapeMarkdown(run.error ? `${run.error.code}: ${run.error.message.slice(0, 500)}` : 'cancelled')}`,
    discarded: `Discarded: ${run.reason ?? 'nothing was applied'}`,
    expired: `Expired: ${run.reason ?? 'nothing was applied'} Start a new run.`,
    superseded: `Superseded: ${run.reason ?? 'a newer change takes its place'}`,
  }
  return said[stage]
}

function countsLine({ counts }: PlanReview): string {
  const words = [
    [counts.create, 'to create'],
    [counts.update, 'to update'],
    [counts.replace, 'to replace'],
    [counts.delete, 'to delete'],
    [counts.import, 'to adopt'],
  ] as const
  const told = words.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : []))
  return told.length === 0 ? 'nothing to change' : told.join(', ')
}

function planLines(plan: PlanReview): string[] {
  const { before, after } = plan.cost
  const risks = plan.risks.slice(0, most).map(({ kind, message }) => `${kind}: ${escapeMarkdown(message)}`)
  const findings = plan.policy
    .slice(0, most)
    .map(({ level, rule, message }) => `${level} ${escapeMarkdown(rule)}: ${escapeMarkdown(message)}`)
  const fields = plan.definition.slice(0, most).map(({ path }) => escapeMarkdown(path))
  return [
    `- Plan: ${countsLine(plan)}`,
    `- Risk: ${risks.length === 0 ? 'none found' : listed(risks, plan.risks.length)}`,
    `- Cost: ${dollars(before)} → ${dollars(after)} a month (list prices of ${plan.cost.prices.date})`,
    `- Definition: ${fields.length === 0 ? 'unchanged' : listed(fields, plan.definition.length)}`,
    ...(findings.length > 0 ? [`- Policies: ${listed(findings, plan.policy.length)}`] : []),
    ...(plan.hold.reasons.length > 0
      ? [`- Held (${plan.hold.policy}): ${listed(plan.hold.reasons.slice(0, most).map(escapeMarkdown), plan.hold.reasons.length)}`]
      : []),
    ...(plan.tools ? [`- Tools now: ${listed(plan.tools.slice(0, 10).map(escapeMarkdown), plan.tools.length) || 'none'}`] : []),
  ]
}

const listed = (shown: readonly string[], all: number): string =>
  `${shown.join('; ')}${all > shown.length ? `; and ${all - shown.length} more` : ''}`

function liveLines(stage: ReviewStage, server: Server | undefined): string[] {
  if (stage !== 'live' || !server?.endpoint) return []
  const tools = (server.tools ?? []).map(({ name }) => escapeMarkdown(name))
  return [`- Endpoint: ${server.endpoint}`, `- Tools: ${listed(tools.slice(0, 20), tools.length) || 'none'}`]
}

const waitingLine = (run: Run): string =>
  `Merging this approves exactly this plan; closing it discards it; a push that changes its files makes it stale. It expires at ${run.hold?.until ?? ''}.`
