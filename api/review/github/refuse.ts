import type { Proposal } from '../../../schema/review.ts'
import type { ProposalProblem } from '../review-provider.ts'
import { markerOf, verbatim } from './comments.ts'
import type { GitHub } from './github.ts'
import { listAll } from './list-all.ts'
import { numberOf } from './open-review.ts'
import { contextOf, setStatus } from './set-status.ts'
import { unless } from './status-of.ts'

const mostComments = 30
const mostCharacters = 60_000

/** Says once for a commit and what is wrong with it where the definitions are wrong: on their lines, as one review. */
export async function refuse(github: GitHub, proposal: Proposal, problems: readonly ProposalProblem[]): Promise<void> {
  const { call, at } = github
  const pull = { ...at, pull_number: numberOf(proposal) }
  const { commit } = proposal
  const marker = markerOf('refused', commit, JSON.stringify(problems))
  const me = await github.me()
  const reviews = await listAll((page) => call('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...pull, ...page }))
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  if (!reviews.some(({ user, body }) => user?.login === me && body.startsWith(marker))) {
    const post = { ...pull, commit_id: commit, event: 'COMMENT' as const }
    const comments = problems
      .slice(0, mostComments)
      .map(({ path, line, message }) => ({ path, line, side: 'RIGHT', body: verbatim(message.slice(0, mostCharacters)) }))
    const heading = `${marker}\nNot planned: ${count} in what is defined here.`
    const rest = problems.slice(mostComments)
    const route = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
    const onLines = call(route, { ...post, body: rest.length > 0 ? `${heading}\n\n${asList(rest)}` : heading, comments })
    // A line that the change does not touch takes no comment.
    const posted = await unless([422], onLines, undefined)
    if (!posted) await call(route, { ...post, body: `${heading}\n\n${asList(problems)}` })
  }
  await setStatus(github, commit, { context: contextOf(), state: 'failure', description: `Not planned: ${count} in the definitions.` })
}

const asList = (problems: readonly ProposalProblem[]): string =>
  verbatim(
    problems
      .map(({ path, line, message }) => `${path}:${line}: ${message}`)
      .join('\n')
      .slice(0, mostCharacters),
  )
