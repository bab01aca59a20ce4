import { leastOf } from './description.ts'
import type { File } from './git-objects.ts'
import { type Answer, type Asked, created, type Handlers, notFound, ok, unprocessable, type World } from './handler.ts'

const repo = '/repos/{owner}/{repo}'
const url = 'https://github.test/'

/** Git's objects and refs over HTTP. */
export function handleGit({ hub, answers, isProtected }: World): Handlers {
  const { git } = hub
  const refName = ({ params }: Asked) => params.ref ?? ''
  const forbidden: Answer = unprocessable('Repository rule violations found\n\nCannot create ref due to creations being restricted.')

  function makeTree({ body }: Asked): Answer {
    const base = git.trees.get(String(body.base_tree))
    if (!base) return unprocessable('base_tree is not a valid tree oid')
    const files = new Map<string, File>(base)
    for (const { path, mode, content } of body.tree as { path: string; mode: string; content: string }[])
      files.set(path, { content: Buffer.from(content), mode })
    return created({ ...leastOf('git-tree'), sha: git.tree(files), truncated: false, tree: [] })
  }
  function makeCommit({ body }: Asked): Answer {
    const files = git.trees.get(String(body.tree))
    const parents = (body.parents ?? []) as string[]
    if (!files || !parents.every((sha) => git.commits.has(sha))) return unprocessable('Tree SHA does not exist')
    return created(answers.commit(git.commit(files, parents, String(body.message)).sha))
  }
  function makeRef({ body }: Asked): Answer {
    const name = String(body.ref).replace(/^refs\//, '')
    if (hub.refs.has(name)) return unprocessable('Reference already exists')
    if (isProtected(name)) return forbidden
    if (!git.commits.has(String(body.sha))) return unprocessable('Object does not exist')
    hub.setRef(name, String(body.sha))
    return created(answers.ref(name))
  }
  function readContents({ params, query }: Asked): Answer {
    const path = params.path ?? ''
    const commit = git.commits.get(query.get('ref') ?? hub.shaOf('main'))
    const found = commit ? git.entries(git.filesOf(commit.sha), path) : []
    if (found.length === 0) return notFound
    const entry = ({ name, type, sha, mode }: (typeof found)[number]) => ({
      type: type === 'tree' ? 'dir' : mode === '120000' ? 'symlink' : 'file',
      size: git.blobs.get(sha)?.length ?? 0,
      name,
      path: `${path}/${name}`,
      sha,
      ...{ url, git_url: url, html_url: url, download_url: null, _links: { self: url, git: url, html: url } },
    })
    return ok(found.map(entry))
  }
  return {
    [`GET ${repo}/git/ref/{ref}`]: (asked) => (hub.refs.has(refName(asked)) ? ok(answers.ref(refName(asked))) : notFound),
    [`POST ${repo}/git/refs`]: makeRef,
    [`DELETE ${repo}/git/refs/{ref}`]: (asked) => {
      if (isProtected(refName(asked))) return forbidden
      return hub.deleteRef(refName(asked)) ? { status: 204 } : unprocessable('Reference does not exist')
    },
    [`GET ${repo}/git/commits/{commit_sha}`]: ({ params }) => {
      const commit = answers.commit(params.commit_sha ?? '')
      return commit ? ok(commit) : notFound
    },
    [`POST ${repo}/git/trees`]: makeTree,
    [`POST ${repo}/git/commits`]: makeCommit,
    [`GET ${repo}/contents/{path}`]: readContents,
    [`GET ${repo}/git/blobs/{file_sha}`]: ({ params }) => {
      const content = git.blobs.get(params.file_sha ?? '')
      if (!content) return notFound
      return ok({ ...leastOf('blob'), sha: params.file_sha, size: content.length, encoding: 'base64', content: content.toString('base64') })
    },
  }
}
