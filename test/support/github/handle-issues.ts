import { leastOf } from './description.ts'
import { type Answer, type Asked, created, type Handlers, notFound, ok, paged, unprocessable, type World } from './handler.ts'
import type { HubPull, HubStatus } from './hub.ts'

const repo = '/repos/{owner}/{repo}'

/** Comments, labels, statuses and people. */
export function handleIssues({ hub, answers }: World): Handlers {
  const found = (asked: Asked, then: (pull: HubPull) => Answer): Answer => {
    const pull = hub.pulls.get(Number(asked.params.issue_number))
    return pull ? then(pull) : notFound
  }
  const labelsOf = (pull: HubPull) => ok([...pull.labels].map(answers.label))

  function editComment({ params, body }: Asked): Answer {
    const comment = [...hub.pulls.values()].flatMap(({ comments }) => comments).find(({ id }) => id === Number(params.comment_id))
    if (!comment) return notFound
    comment.body = String(body.body)
    return ok(answers.comment(comment))
  }
  function makeLabel({ body }: Asked): Answer {
    const name = String(body.name)
    if (hub.labels.has(name)) return unprocessable('Validation Failed: already_exists')
    hub.labels.set(name, { color: String(body.color), description: String(body.description) })
    return created(answers.label(name))
  }
  function addLabels(pull: HubPull, names: readonly string[]): Answer {
    if (names.some((name) => !hub.labels.has(name))) return unprocessable('Validation Failed: label does not exist')
    for (const name of names) pull.labels.add(name)
    return labelsOf(pull)
  }
  const statusesOf = (sha: string) => hub.statuses.get(sha) ?? []
  function setStatus({ params, body }: Asked): Answer {
    const sha = params.sha ?? ''
    if (!hub.git.commits.has(sha)) return unprocessable(`No commit found for SHA: ${sha}`)
    if (String(body.description ?? '').length > 140)
      return unprocessable('Validation Failed: description is too long (maximum is 140 characters)')
    const { context = 'default', description = null, target_url = null } = body as Partial<HubStatus>
    const status = { state: String(body.state), context, description, target_url }
    hub.statuses.set(sha, [...statusesOf(sha), status])
    return created(answers.status(status))
  }
  /** The latest of each context. */
  const latest = (all: HubStatus[]) => [...new Map(all.map((one) => [one.context, one])).values()]

  function permission({ params }: Asked): Answer {
    const granted = hub.permissions.get(params.username ?? '')
    if (!granted) return notFound
    return ok({ ...leastOf('repository-collaborator-permission'), permission: granted, role_name: granted })
  }
  return {
    [`GET ${repo}/issues/{issue_number}`]: (asked) => found(asked, (pull) => ok(answers.issue(pull))),
    [`GET ${repo}/issues/{issue_number}/comments`]: (asked) => found(asked, ({ comments }) => paged(comments.map(answers.comment))),
    [`POST ${repo}/issues/{issue_number}/comments`]: (asked) =>
      found(asked, ({ number }) => created(answers.comment(hub.comment(number, asked.login, String(asked.body.body))))),
    [`PATCH ${repo}/issues/comments/{comment_id}`]: editComment,
    [`GET ${repo}/labels/{name}`]: ({ params }) => (hub.labels.has(params.name ?? '') ? ok(answers.label(params.name ?? '')) : notFound),
    [`POST ${repo}/labels`]: makeLabel,
    [`POST ${repo}/issues/{issue_number}/labels`]: (asked) => found(asked, (pull) => addLabels(pull, asked.body.labels as string[])),
    [`DELETE ${repo}/issues/{issue_number}/labels/{name}`]: (asked) =>
      found(asked, (pull) => (pull.labels.delete(asked.params.name ?? '') ? labelsOf(pull) : notFound)),
    [`POST ${repo}/statuses/{sha}`]: setStatus,
    [`GET ${repo}/commits/{ref}/status`]: ({ params }) => {
      const sha = params.ref ?? ''
      if (!hub.git.commits.has(sha)) return notFound
      return { ...ok(answers.combined(sha, latest(statusesOf(sha)))), paged: true, listIn: 'statuses' }
    },
    [`GET ${repo}/collaborators/{username}/permission`]: permission,
  }
}
