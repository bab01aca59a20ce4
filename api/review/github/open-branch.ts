import { createHash } from 'node:crypto'
import { GantryError } from '../../../schema/error-code.ts'
import type { ReviewRequest } from '../review-provider.ts'
import type { GitHub } from './github.ts'
import { directoryOf } from './names.ts'
import type { Directory } from './read-directory.ts'
import { statusOf, unless } from './status-of.ts'

/** Puts the branch of a run onto the newest main; a branch that is there already stays as it is. Answers the commit we made. */
export async function openBranch(github: GitHub, branch: string, request: ReviewRequest): Promise<string> {
  const commit = await commitFiles(github, request)
  const { call, at } = github
  await call('POST /repos/{owner}/{repo}/git/refs', { ...at, ref: `refs/heads/${branch}`, sha: commit }).catch((error: unknown) => {
    if (statusOf(error) !== 422 || !/already exists/i.test(String(error))) throw error
  })
  return commit
}

/** A commit of a run's files on top of main; no branch names it yet. */
export async function commitFiles({ call, at, main }: GitHub, request: ReviewRequest): Promise<string> {
  const head = await unless([404, 409], call('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...at, ref: `heads/${main}` }), undefined)
  if (!head) {
    throw new GantryError(
      'UNAVAILABLE',
      `The branch ${main} of ${at.owner}/${at.repo} is not there, expected one with a first commit. Make it, and give the credentials Contents: write.`,
    )
  }
  const parent = head.data.object.sha
  const base = await call('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { ...at, commit_sha: parent })
  const tree = await call('POST /repos/{owner}/{repo}/git/trees', {
    ...at,
    base_tree: base.data.tree.sha,
    tree: Object.entries(request.files).map(([path, content]) => ({ path, mode: '100644' as const, type: 'blob' as const, content })),
  })
  // Without an author GitHub signs an App's commit, which a branch may ask for.
  const made = await call('POST /repos/{owner}/{repo}/git/commits', {
    ...at,
    message: messageOf(request),
    tree: tree.data.sha,
    parents: [parent],
  })
  return made.data.sha
}

const messageOf = ({ page, runId, createdBy, createdAt }: ReviewRequest) =>
  [
    oneLine(page.title),
    '',
    `Gantry-Run: ${oneLine(runId)}`,
    `Proposed-By: ${oneLine(createdBy)}`,
    `Proposed-At: ${oneLine(createdAt)}`,
  ].join('\n')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Whether a commit's directory has the files of a run as they were planned. */
export function holdsFiles(directory: Directory, { files, serverId }: ReviewRequest): boolean {
  return Object.entries(files).every(([path, content]) => {
    const name = path.slice(directoryOf(serverId).length + 1)
    return directory.get(name)?.sha === blobId(content)
  })
}

/** Git's id of a file's content. */
function blobId(content: string): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
