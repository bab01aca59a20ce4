import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildBundles } from '../bundles.ts'

const output = 'dist'
const notSources = new Set([output, 'node_modules', 'test', 'docs', 'examples', 'cdktf.out', 'coverage'])

/** Every file below a directory, as path, size and time of its last change. */
function files(directory: string, isLeftOut: (name: string) => boolean): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.') && !isLeftOut(name))
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return files(path, () => false)
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? [`${path} ${stat.size} ${stat.mtimeMs}`] : []
  })
}

const digest = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex')

const outputs = (root: string): string => digest(files(join(root, output), () => false))

/** Builds the bundles unless sources and bundles are as the last build left them: that saves half of a start. */
export async function buildChangedBundles(root: string): Promise<void> {
  const sources = digest(files(root, (name) => notSources.has(name)))
  const stamp = join(root, output, '.built')
  const before = await readFile(stamp, 'utf8').catch(() => undefined)
  if (before !== undefined && before === `${sources} ${outputs(root)}`) return
  await buildBundles(root)
  await writeFile(stamp, `${sources} ${outputs(root)}`)
}
