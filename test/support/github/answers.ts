import { leastOf } from './description.ts'
import type { Hub, HubComment, HubPull, HubReview, HubStatus } from './hub.ts'
import type { Json } from './schema.ts'

const user = (login: string): Json => ({ ...leastOf('simple-user'), login })

/** GitHub's objects as its API shows them. */
export function createAnswers(hub: Hub) {
  const [owner = ''] = hub.repository.split('/')
  const repositoryOf = (full: string): Json => ({
    ...leastOf('repository'),
    id: full === hub.repository ? 1 : 2,
    full_name: full,
    name: full.split('/')[1],
    owner: user(full.split('/')[0] ?? ''),
  })
  const label = (name: string): Json => ({ ...leastOf('label'), name, ...hub.labels.get(name) })

  function listedPull(pull: HubPull): Json {
    const least = leastOf('pull-request-simple')
    const [head, base] = [least.head as Json, least.base as Json]
    return {
      ...least,
      number: pull.number,
      html_url: `https://github.test/${hub.repository}/pull/${pull.number}`,
      title: pull.title,
      body: pull.body,
      state: pull.state,
      user: user(pull.by),
      labels: [...pull.labels].map(label),
      merge_commit_sha: pull.merged?.commit ?? null,
      merged_at: pull.merged ? '2026-01-02T00:00:00Z' : null,
      head: {
        ...head,
        user: user(owner),
        ref: pull.headRef,
        sha: pull.head,
        label: `${owner}:${pull.headRef}`,
        repo: repositoryOf(pull.fork ?? hub.repository),
      },
      base: {
        ...base,
        user: user(owner),
        ref: pull.base,
        sha: hub.shaOf(pull.base),
        label: `${owner}:${pull.base}`,
        repo: repositoryOf(hub.repository),
      },
    }
  }
  const pull = (of: HubPull): Json => {
    const least = leastOf('pull-request')
    const { head, base, ...listed } = listedPull(of)
    return {
      ...least,
      ...listed,
      head: { ...(least.head as Json), ...(head as Json) },
      base: { ...(least.base as Json), ...(base as Json) },
      merged: of.merged !== undefined,
      merged_by: of.merged ? user(of.merged.by) : null,
    }
  }
  const comment = ({ id, by, body }: HubComment): Json => ({ ...leastOf('issue-comment'), id, user: user(by), body })
  const review = ({ id, by, body, state, commit }: HubReview): Json => ({
    ...leastOf('pull-request-review'),
    ...{ id, user: user(by), body, state, commit_id: commit },
  })
  const status = (of: HubStatus): Json => ({ ...leastOf('status'), ...of, creator: user('gantry') })
  const combined = (sha: string, all: HubStatus[]): Json => ({
    ...leastOf('combined-commit-status'),
    sha,
    total_count: all.length,
    statuses: all.map((one) => ({ ...leastOf('simple-commit-status'), ...one })),
    repository: { ...leastOf('minimal-repository'), full_name: hub.repository },
  })
  const ref = (name: string): Json => ({
    ...leastOf('git-ref'),
    ref: `refs/${name}`,
    object: { type: 'commit', sha: hub.refs.get(name), url: 'https://github.test/' },
  })
  function commit(sha: string): Json | undefined {
    const found = hub.git.commits.get(sha)
    if (!found) return undefined
    const link = { url: 'https://github.test/', html_url: 'https://github.test/' }
    return {
      ...leastOf('git-commit'),
      sha,
      message: found.message,
      tree: { sha: found.tree, url: 'https://github.test/' },
      parents: found.parents.map((parent) => ({ sha: parent, ...link })),
    }
  }
  const issue = (of: HubPull): Json => ({
    ...leastOf('issue'),
    number: of.number,
    title: of.title,
    state: of.state,
    user: user(of.by),
    closed_by: of.closedBy ? user(of.closedBy) : null,
  })
  return { user, label, listedPull, pull, comment, review, status, combined, ref, commit, issue }
}
export type Answers = ReturnType<typeof createAnswers>
