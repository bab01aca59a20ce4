import { createHash } from 'node:crypto'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)

/** What stands for a server's newest revision in its entity tags: it changes with the definition and nothing else. */
export const revisionTag = ({ uid, revision }: { uid: string; revision: number }): string =>
  `r${revision}-${digest(['revision', uid, revision]).slice(0, 10)}`

/** A strong entity tag of a server's answer, which names the revision first. */
export const serverEtag = (server: { uid: string; revision: number }): string => `"${revisionTag(server)}.${digest(server)}"`

const tagsOf = (header: string): string[] => header.split(',').map((tag) => tag.trim())

/** Whether an If-None-Match header names this tag. */
export function matchesEtag(header: string, etag: string): boolean {
  return tagsOf(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
}

/**
 * Whether an If-Match header names a tag of the server's newest revision. Tasks that came up since, or a run that ended,
 * are no reason to refuse a change that was made with the newest definition in sight.
 */
export function matchesRevision(header: string, server: { uid: string; revision: number }): boolean {
  const revision = revisionTag(server)
  return tagsOf(header).some((tag) => tag === '*' || tag === `"${revision}"` || (tag.startsWith(`"${revision}.`) && tag.endsWith('"')))
}
