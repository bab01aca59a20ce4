import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PolicyFile } from '../schema/policy.ts'

/** Every `.yaml` and `.yml` file below a directory, by its path there. Throws where there is none. */
export function readPolicyFiles(directory: string): PolicyFile[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${directory} is no directory; expected one of rules`)
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path))
  if (paths.length === 0) throw new Error(`${directory} holds no .yaml file; expected one rule at least`)
  return paths.sort().map((path) => ({ path, content: readFileSync(join(directory, path), 'utf8') }))
}
