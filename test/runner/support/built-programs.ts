import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundles } from '../../../bundles.ts'
import { bundledPrograms, type Programs } from '../../../runner/config.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The runner and the guard as they ship, below this tree's node_modules, with a small stacks bundle in place of the real one. */
export async function builtPrograms(): Promise<Programs & { readonly runner: string; remove(): Promise<void> }> {
  const cache = join(root, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const output = await mkdtemp(join(cache, 'gantry-test-'))
  await buildBundles(root, output, ['runner/guard.ts', 'runner/main.ts'])
  await mkdir(join(output, 'stacks'))
  await copyFile(join(root, 'test', 'runner', 'fixtures', 'tiny-stacks.mjs'), join(output, 'stacks', 'main.mjs'))
  const runner = join(output, 'runner', 'main.mjs')
  return { ...bundledPrograms(runner), runner, remove: () => rm(output, { recursive: true, force: true }) }
}
