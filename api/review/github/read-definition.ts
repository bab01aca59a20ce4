import { bodyLimitBytes } from '../../read-body.ts'
import type { GitHub } from './github.ts'
import type { createDirectories } from './read-directory.ts'

/** A committed definition; no content: that commit has none there. */
export async function readDefinition(
  { call, at }: GitHub,
  directories: ReturnType<typeof createDirectories>,
  commit: string,
  path: string,
): Promise<{ readonly content: string | undefined } | { readonly problem: string }> {
  const slash = path.lastIndexOf('/')
  const entry = (await directories(commit, path.slice(0, slash))).get(path.slice(slash + 1))
  if (!entry) return { content: undefined }
  if (entry.type !== 'file') return { problem: `It is a ${entry.type}, expected a file.` }
  if (entry.size > bodyLimitBytes) return { problem: `It has ${entry.size} bytes, expected at most ${bodyLimitBytes}.` }
  const { data } = await call('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...at, file_sha: entry.sha })
  try {
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data.content, 'base64')) }
  } catch {
    return { problem: 'It is not UTF-8.' }
  }
}
