import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A sandbox's directory for one test file: a copy of the template, or one that is not there yet. */
export function ownDirectory(template?: string): { directory: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'gantry-own-'))
  const directory = join(home, 'sandbox')
  if (template) cpSync(template, directory, { recursive: true })
  return { directory, remove: () => rmSync(home, { recursive: true, force: true }) }
}
