import { GantryError } from '../../../schema/error-code.ts'
import { fetchRefs } from './fetch-heads.ts'
import type { GitSession } from './git-session.ts'
import { putSection } from './note-sections.ts'
import { pushRefs } from './push-refs.ts'

const notes = 'refs/notes/gantry'
const draft = 'refs/notes/draft-of-gantry'
const maximumTries = 6

/**
 * Writes one section of a commit's note and pushes it; beside another writer both are kept. Does nothing where it stands
 * there already. Throws GantryError UNAVAILABLE.
 */
export async function postNote(session: GitSession, commit: string, title: string, text: string): Promise<void> {
  let words = ''
  for (let tries = 0; tries < maximumTries; tries++) {
    // The first try trusts what was last seen: that is one round trip less, and a wrong guess is refused.
    if (tries > 0) await fetchRefs(session, `${notes}*`)
    if (!(await writeDraft(session, commit, title, text))) return
    const result = await pushRefs(session, [`${draft}:${notes}`])
    if (result.pushed) return void (await session.ask(['update-ref', notes, draft]))
    words = result.words
  }
  throw new GantryError('UNAVAILABLE', `The review repository refused the note on ${commit.slice(0, 12)} (${notes}): ${words}`)
}

/** Whether there is anything to push. */
async function writeDraft(session: GitSession, commit: string, title: string, text: string): Promise<boolean> {
  const seen = (await session.attempt(['rev-parse', '--verify', '--quiet', notes])).stdout.trim()
  if (seen) await session.ask(['update-ref', draft, seen])
  else await session.ask(['update-ref', '-d', draft])
  const blob = (await session.attempt(['notes', `--ref=${draft}`, 'list', commit])).stdout.trim()
  const before = blob ? await session.ask(['cat-file', 'blob', blob]) : ''
  const after = putSection(before, title, text)
  if (after === before) return false
  const written = (await session.ask(['hash-object', '-w', '--stdin'], { input: after })).trim()
  await session.ask(['notes', `--ref=${draft}`, 'add', '--force', '-C', written, commit])
  return true
}
