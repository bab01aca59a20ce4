import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GantryError } from '../../../schema/error-code.ts'
import type { ReviewRequest } from '../review-provider.ts'
import type { GitSession } from './git-session.ts'
import { oneLine } from './one-line.ts'
import { runTrailer, serverDirectory } from './review-names.ts'

/** Blob ids of a request's files, written to the cache. Throws GantryError INVALID_REQUEST on a path that is not the server's. */
export async function writeBlobs(session: GitSession, { files, serverId }: ReviewRequest): Promise<Map<string, string>> {
  const entries = Object.entries(files).map(async ([path, content]) => {
    const below = path.startsWith(serverDirectory(serverId)) ? path.slice(serverDirectory(serverId).length) : ''
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(below)) {
      throw new GantryError('INVALID_REQUEST', `${JSON.stringify(path)} is not a file directly below ${serverDirectory(serverId)}.`)
    }
    return [path, (await session.ask(['hash-object', '-w', '--stdin'], { input: content })).trim()] as const
  })
  return new Map(await Promise.all(entries))
}

/** One commit on `parent` with these files; the same for the same request, so that a repeated push changes nothing. */
export async function writePlanCommit(
  session: GitSession,
  parent: string,
  blobs: ReadonlyMap<string, string>,
  request: ReviewRequest,
): Promise<string> {
  const index = join(session.directory, 'plan.index')
  const env = { GIT_INDEX_FILE: index }
  await rm(index, { force: true })
  try {
    await session.ask(['read-tree', parent], { env })
    const input = [...blobs].map(([path, blob]) => `100644 ${blob}\t${path}\0`).join('')
    await session.ask(['update-index', '-z', '--index-info'], { env, input })
    const tree = (await session.ask(['write-tree'], { env })).trim()
    const date = `@${Math.floor(Date.parse(request.createdAt) / 1000)} +0000`
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    return (await session.ask(['commit-tree', '-p', parent, '-F', '-', tree], { env: dates, input: messageOf(request) })).trim()
  } finally {
    await rm(index, { force: true })
  }
}

function messageOf({ serverId, runId, page, createdBy }: ReviewRequest): string {
  const subject = `plan(${serverId}): ${oneLine(page.title)}`
  return `${subject}\n\n${oneLine(page.summary, 1000)}\n\n${runTrailer}: ${runId}\nProposed-By: ${oneLine(createdBy)}\n`
}
