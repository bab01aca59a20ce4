import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PATH whose terraform writes its arguments down and then is the real one. */
export function terraformWitness(): { path: string; calls(): string[]; forget(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-witness-'))
  const calls = join(directory, 'calls')
  const real = execFileSync('/bin/sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim()
  writeFileSync(join(directory, 'terraform'), `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${real}' "$@"\n`, { mode: 0o755 })
  return {
    path: `${directory}:${process.env.PATH}`,
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    forget: () => rmSync(calls, { force: true }),
  }
}
