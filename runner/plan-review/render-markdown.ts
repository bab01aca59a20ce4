import type { PlannedAction, PlanReview } from '../../schema/plan-review.ts'
import { code, codePair, dollars, fitLines, plural, sentence } from './markdown-text.ts'
import { renderChange } from './render-change.ts'
import { renderHead, riskWords } from './render-head.ts'

/** GitHub shows a body of up to 65,536 characters; the details of a part give way before those of another are lost. */
const mostBytes = 58_000
const partBytes = 9_000
/** Two ARNs and what they are. */
const detailCharacters = 500
const order: readonly PlannedAction[] = ['delete', 'replace', 'update', 'import', 'create']

/**
 * A review as `plan.md`: ten lines first, then the details, below 60 KB. `url` leads to the whole plan as JSON, which says what did
 * not fit.
 */
export function renderPlanMarkdown(review: PlanReview, { url }: { url?: string }): string {
  const json = url ? `[the JSON](<${new URL(url).href}>)` : 'the JSON'
  const parts = [
    renderHead(review),
    part('Risks', risks(review), json),
    part('Rules', policy(review), json),
    part('Definition', definition(review), json),
    part('Cost', cost(review), json),
  ]
  const head = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  const left = mostBytes - head.reduce((bytes, text) => bytes + Buffer.byteLength(text) + 2, 0)
  const changes = order.flatMap((action) => review.changes.filter((change) => change.action === action)).map(renderChange)
  const more = (count: number): string => `${plural(count, 'more resource')} in ${json}.`
  const details = changes.length > 0 ? ['### Resources', '', ...fitLines(changes, left, more)] : []
  return `${[...head, details.join('\n')].filter(Boolean).join('\n\n').trimEnd()}\n`
}

function part(title: string, lines: readonly string[], json: string): string[] {
  if (lines.length === 0) return []
  return [`### ${title}`, '', ...fitLines(lines, partBytes, (count) => `- ${count} more in ${json}`)]
}

const risks = ({ risks: found }: PlanReview): string[] =>
  found.flatMap(({ kind, address, message, details }) => [
    `- **${riskWords[kind]}**: ${code(address)}: ${message}`,
    ...details.map((detail) => `  - ${code(detail, detailCharacters)}`),
  ])

const policy = ({ policy: findings }: PlanReview): string[] =>
  findings.map(({ level, rule, file, message, address }) => {
    const where = address === undefined ? '' : ` at ${code(address)}`
    return `- **${level}** ${code(rule)} (${code(file)})${where}: ${sentence(message)}`
  })

const definition = ({ definition: differences }: PlanReview): string[] =>
  differences.map(({ path, kind, before, after }) => {
    const [was, is] = codePair(before, after)
    const values = { added: is, removed: was, changed: `${was} → ${is}` }
    return `- ${code(path)} ${kind}: ${values[kind]}`
  })

function cost({ cost: { lines, prices } }: PlanReview): string[] {
  if (lines.length === 0) return []
  const each = lines.map(
    ({ address, basis, before, after }) => `- ${code(address)}: ${dollars(before)} → ${dollars(after)}: ${code(basis)}`,
  )
  return [...each, `- Prices of ${prices.date}: ${sentence(prices.source)}`]
}
