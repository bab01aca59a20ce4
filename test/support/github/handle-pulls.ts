import { changedFiles, linesInDiff } from './changed-files.ts'
import { type Answer, type Asked, created, type Handlers, notFound, ok, paged, unprocessable, type World } from './handler.ts'
import type { HubPull, HubReview } from './hub.ts'

const repo = '/repos/{owner}/{repo}'

/** Pull requests, their files and reviews. */
export function handlePulls({ hub, answers }: World): Handlers {
  const found = (asked: Asked, then: (pull: HubPull) => Answer): Answer => {
    const pull = hub.pulls.get(Number(asked.params.pull_number))
    return pull ? then(pull) : notFound
  }

  function list({ query }: Asked): Answer {
    const state = query.get('state') ?? 'open'
    const [owner, head] = (query.get('head') ?? '').split(/:(.*)/)
    const isAsked = (pull: HubPull) =>
      (state === 'all' || pull.state === state) &&
      (!head || (pull.headRef === head && (pull.fork ?? hub.repository).split('/')[0] === owner))
    return paged([...hub.pulls.values()].filter(isAsked).reverse().map(answers.listedPull))
  }
  function open({ body, login }: Asked): Answer {
    const [branch, base] = [String(body.head), String(body.base)]
    if (!hub.shaOf(branch)) return unprocessable('Validation Failed: head is invalid')
    const isTwin = (pull: HubPull) => pull.state === 'open' && pull.headRef === branch
    if ([...hub.pulls.values()].some(isTwin)) return unprocessable(`Validation Failed: A pull request already exists for ${branch}.`)
    if (hub.shaOf(branch) === hub.shaOf(base)) return unprocessable('Validation Failed: No commits between them')
    if (String(body.body).length > 65_536) return unprocessable('Validation Failed: body is too long (maximum is 65536 characters)')
    return created(answers.pull(hub.openPull({ branch, by: login, base, title: String(body.title), body: String(body.body) })))
  }
  function edit(pull: HubPull, { body, login }: Asked): Answer {
    if (pull.merged && body.state !== undefined) return unprocessable('Validation Failed: state cannot be changed. It is merged.')
    if (typeof body.title === 'string') pull.title = body.title
    if (typeof body.body === 'string') pull.body = body.body
    if (body.state === 'closed') hub.close(pull.number, login)
    return ok(answers.pull(pull))
  }
  function review(pull: HubPull, { body, login }: Asked): Answer {
    const comments = (body.comments ?? []) as HubReview['comments']
    const inDiff = linesInDiff(hub, pull)
    if (comments.some(({ path, line }) => !inDiff(path, line))) return unprocessable('Unprocessable Entity: Line could not be resolved')
    return ok(answers.review(hub.review(pull.number, { by: login, state: 'COMMENTED', body: String(body.body ?? ''), comments })))
  }
  return {
    [`GET ${repo}/pulls`]: list,
    [`POST ${repo}/pulls`]: open,
    [`GET ${repo}/pulls/{pull_number}`]: (asked) => found(asked, (pull) => ok(answers.pull(pull))),
    [`PATCH ${repo}/pulls/{pull_number}`]: (asked) => found(asked, (pull) => edit(pull, asked)),
    [`GET ${repo}/pulls/{pull_number}/files`]: (asked) => found(asked, (pull) => paged(changedFiles(hub, pull))),
    [`GET ${repo}/pulls/{pull_number}/reviews`]: (asked) => found(asked, (pull) => paged(pull.reviews.map(answers.review))),
    [`POST ${repo}/pulls/{pull_number}/reviews`]: (asked) => found(asked, (pull) => review(pull, asked)),
  }
}
