import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Layout } from './layout.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

/**
 * Makes this process the only sandbox on the directory and returns how to give it back.
 * A lock whose process is gone (`kill -9`, power cut) is taken over. Throws one sentence when another sandbox runs or
 * the directory cannot be written.
 */
export function claimDirectory(layout: Layout): () => void {
  const draft = `${layout.lock}.${process.pid}`
  try {
    mkdirSync(layout.directory, { recursive: true, mode: 0o700 })
    writeFileSync(draft, JSON.stringify(identify(process.pid)), { mode: 0o600 })
  } catch (error) {
    throw new Error(
      `The sandbox cannot write to ${layout.directory} (${(error as Error).message}); free the disk, mend its permissions, or name another with GANTRY_DIRECTORY.`,
    )
  }
  try {
    for (;;) {
      try {
        linkSync(draft, layout.lock)
        return () => rmSync(layout.lock, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const holder = readHolder(layout.lock)
        if (holder && isAlive(holder)) {
          throw new Error(
            `A sandbox already runs on ${layout.directory} (pid ${holder.pid}${describe(layout)}); stop it first, or give this one a directory of its own with GANTRY_DIRECTORY.`,
          )
        }
        rmSync(layout.lock, { force: true })
      }
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}

function describe(layout: Layout): string {
  try {
    return `, ${(JSON.parse(readFileSync(layout.description, 'utf8')) as { url: string }).url}`
  } catch {
    return ''
  }
}
