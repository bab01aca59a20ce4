import type { PlanReview } from '../../schema/plan-review.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { escapeMarkdown, unlinked } from './escape-markdown.ts'
import type { ReviewPage, ReviewStage } from './review-provider.ts'

export interface ShownRun {
  readonly run: Run
  /** Undefined where the server is gone. */
  readonly server: Server | undefined
  /** Undefined where the plan cannot be read any more. */
  readonly plan: PlanReview | undefined
  /** What clients see in front of the control plane. */
  readonly publicUrl: string
  /** The platform asks for two people. */
  readonly fourEyes: boolean
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`
/** The whole text stands behind the link. */
const longestText = 300
const longestTitle = 200

const cut = (text: string, characters = longestText): string => {
  const all = [...unlinked(text)]
  return all.length > characters ? `${all.slice(0, characters - 1).join('')}…` : all.join('')
}
const safe = (text: string, characters?: number): string => escapeMarkdown(cut(text, characters))

/** What a pull request says of a run: a dozen lines, the rest behind a link. User text in it is escaped. */
export function reviewPage({ run, server, plan, publicUrl, fourEyes }: ShownRun): ReviewPage {
  const stage = stageOf(run)
  const url = `${publicUrl}/runs/${run.id}`
  const counts = plan ? countsLine(plan) : stage === 'planning' ? 'planning' : 'no plan'
  const name = plan?.serverName ?? server?.name ?? run.serverId
  const summary = cut(sayStage(stage, run, server), 500)
  const title = `${name}: ${run.type === 'delete' ? 'delete the server, ' : ''}${counts}`
  const lines = [
    `**${escapeMarkdown(summary)}**`,
    '',
    `Run \`${run.id}\` · revision ${run.revision} · proposed by ${safe(run.createdBy)}${run.plan ? ` · plan \`${run.plan.planSha256.slice(0, 12)}\`` : ''}`,
    ...(plan ? planLines(plan) : []),
    ...liveLines(stage, server),
    '',
    `[The whole plan](${url}/plan.md) · [what Terraform says](${url}/plan.txt) · [the run](${url}) (behind login)`,
    ...(stage === 'planned' ? ['', waitingLine(run, fourEyes)] : []),
  ]
  return { stage, title: cut(title, longestTitle), body: `${lines.join('\n')}\n`, summary, url }
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
    applying: by ? `Approved by ${by}: applying` : 'Applying',
    live: saySuccess(run, server),
    failed: `Failed: ${run.error ? `${run.error.code}: ${run.error.message}` : 'cancelled'}`,
    discarded: `Discarded: ${run.reason ?? 'nothing was applied'}`,
    expired: `Expired: ${run.reason ?? 'nothing was applied'} Start a new run.`,
    superseded: `Superseded: ${run.reason ?? 'a newer change takes its place'}`,
  }
  return said[stage]
}

function saySuccess(run: Run, server: Server | undefined): string {
  if (run.status === 'NO_CHANGES') return 'No changes: there was nothing to apply'
  if (run.type === 'delete') return 'Deleted: nothing of it is left'
  return server?.status === 'STOPPED' ? 'Applied: the server is stopped' : 'Live'
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
  const { before, after, prices } = plan.cost
  const lines = [
    `- Plan: ${countsLine(plan)}`,
    `- Risk: ${few(plan.risks, ({ kind, message }) => `${kind}: ${safe(message)}`) || 'none found'}`,
    `- Cost: ${dollars(before)} → ${dollars(after)} a month (list prices of ${prices.date})`,
    `- Definition: ${few(plan.definition, ({ path }) => safe(path, 100)) || 'unchanged'}`,
  ]
  const findings = few(plan.policy, ({ level, rule, message }) => `${level} ${safe(rule, 100)}: ${safe(message)}`)
  if (plan.policy.length > 0) lines.push(`- Policies: ${findings}`)
  const { reasons, policy } = plan.hold
  if (reasons.length > 0) lines.push(`- Held (${policy}): ${few(reasons, (reason) => safe(reason))}`)
  if (plan.tools) lines.push(`- Tools now: ${few(plan.tools, toolName, 10) || 'none'}`)
  return lines
}

const toolName = (name: string): string => safe(name, 60)

/** The first of them and how many more there are. */
function few<T>(items: readonly T[], say: (item: T) => string, most = 5): string {
  const said = items.slice(0, most).map(say).join('; ')
  return items.length > most ? `${said}; and ${items.length - most} more` : said
}

function liveLines(stage: ReviewStage, server: Server | undefined): string[] {
  if (stage !== 'live' || !server?.endpoint) return []
  return [`- Endpoint: ${server.endpoint}`, `- Tools: ${few(server.tools ?? [], ({ name }) => toolName(name), 20) || 'none'}`]
}

const waitingLine = (run: Run, fourEyes: boolean): string =>
  `Merging this approves exactly this plan; closing it discards it; a push that changes its files makes it stale. It expires at ${run.hold?.until ?? ''}.${fourEyes ? ` Four eyes are asked for: on GitHub somebody other than the merger approves it, elsewhere the run itself is approved (POST /runs/${run.id}/approve).` : ''}`
