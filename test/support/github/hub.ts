import { createGitObjects, type File } from './git-objects.ts'

export interface HubComment {
  readonly id: number
  readonly by: string
  body: string
}
export interface HubReview {
  readonly id: number
  readonly by: string
  readonly body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'
  readonly commit: string
  readonly comments: readonly { readonly path: string; readonly line: number; readonly body: string }[]
}
export interface HubPull {
  readonly number: number
  readonly by: string
  /** Undefined: of this repository. */
  readonly fork?: string
  readonly headRef: string
  head: string
  base: string
  title: string
  body: string
  state: 'open' | 'closed'
  merged?: { readonly by: string; readonly commit: string }
  closedBy?: string
  readonly labels: Set<string>
  readonly comments: HubComment[]
  readonly reviews: HubReview[]
}
export interface HubStatus {
  readonly state: string
  readonly context: string
  readonly description: string | null
  readonly target_url: string | null
}
type Changes = Readonly<Record<string, string | Buffer | null>>

/** One repository as GitHub keeps it, and what people do to it. */
export function createHub(repository: string) {
  const git = createGitObjects()
  const refs = new Map<string, string>()
  const pulls = new Map<number, HubPull>()
  const statuses = new Map<string, HubStatus[]>()
  const labels = new Map<string, { color: string; description: string | null }>()
  const permissions = new Map<string, string>()
  let ids = 0
  const nextId = () => ++ids

  function setRef(name: string, sha: string): void {
    refs.set(name, sha)
    for (const pull of pulls.values()) if (pull.state === 'open' && !pull.fork && `heads/${pull.headRef}` === name) pull.head = sha
  }
  function deleteRef(name: string): boolean {
    for (const pull of pulls.values()) if (!pull.fork && `heads/${pull.headRef}` === name && pull.state === 'open') pull.state = 'closed'
    return refs.delete(name)
  }
  const shaOf = (branch: string): string => refs.get(`heads/${branch}`) ?? ''
  function pull(number: number): HubPull {
    const found = pulls.get(number)
    if (!found) throw new Error(`no pull request ${number}`)
    return found
  }

  /** A commit on a branch; null removes a file. A branch that is not there starts at main. */
  function push(branch: string, changes: Changes, options: { mode?: string } = {}): string {
    const parent = shaOf(branch) || shaOf('main')
    const files = new Map<string, File>(git.filesOf(parent))
    for (const [path, content] of Object.entries(changes)) {
      if (content === null) files.delete(path)
      else files.set(path, { content: Buffer.from(content), mode: options.mode ?? '100644' })
    }
    const { sha } = git.commit(files, parent ? [parent] : [], `push ${nextId()}`)
    setRef(`heads/${branch}`, sha)
    return sha
  }

  function openPull(of: { branch: string; by: string; title?: string; body?: string; base?: string; fork?: string }): HubPull {
    const { branch, by, title = branch, body = '', base = 'main', fork } = of
    const number = pulls.size + 1
    const made: HubPull = {
      ...{
        number,
        by,
        headRef: branch,
        head: shaOf(branch),
        base,
        title,
        body,
        state: 'open',
        labels: new Set(),
        comments: [],
        reviews: [],
      },
      ...(fork !== undefined && { fork }),
    }
    pulls.set(number, made)
    return made
  }

  /** Merges as GitHub does; `edit` is what the person who merges changes besides. */
  function merge(number: number, of: { by: string; method?: 'merge' | 'squash' | 'rebase'; edit?: Changes }): string {
    const found = pull(number)
    const onto = shaOf(found.base)
    const files = new Map(git.merged(git.mergeBase(found.head, onto), found.head, onto))
    for (const [path, content] of Object.entries(of.edit ?? {})) files.set(path, { content: Buffer.from(content ?? ''), mode: '100644' })
    const parents = (of.method ?? 'merge') === 'merge' ? [onto, found.head] : [onto]
    const { sha } = git.commit(files, parents, `${of.method ?? 'merge'} #${number}`)
    setRef(`heads/${found.base}`, sha)
    Object.assign(found, { state: 'closed', merged: { by: of.by, commit: sha }, closedBy: of.by })
    return sha
  }
  const close = (number: number, by: string) => Object.assign(pull(number), { state: 'closed', closedBy: by })
  const reopen = (number: number) => Object.assign(pull(number), { state: 'open', closedBy: undefined })

  function review(
    number: number,
    of: { by: string; state: HubReview['state']; commit?: string; body?: string; comments?: HubReview['comments'] },
  ): HubReview {
    const made = { id: nextId(), body: '', comments: [], commit: pull(number).head, ...of }
    pull(number).reviews.push(made)
    return made
  }
  function comment(number: number, by: string, body: string): HubComment {
    const made = { id: nextId(), by, body }
    pull(number).comments.push(made)
    return made
  }
  push('main', { 'README.md': '# Servers\n' })
  return {
    ...{ repository, git, refs, pulls, statuses, labels, permissions },
    ...{ setRef, deleteRef, shaOf, pull, push, openPull, merge, close, reopen, review, comment },
  }
}
export type Hub = ReturnType<typeof createHub>
