import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundles } from '../../../bundles.ts'
import { bundledPrograms, type Programs } from '../../../runner/config.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The runner's own programs as they ship, with a small stacks bundle in place of the real one. */
export async function builtPrograms(): Promise<Programs & { readonly runner: string }> {
  const output = await mkdtemp(join(tmpdir(), 'gantry-dist-'))
  await buildBundles(root, output, ['runner/guard.ts', 'runner/main.ts'])
  return {
    ...bundledPrograms(join(root, 'dist', 'runner', 'main.mjs')),
    guard: join(output, 'runner', 'guard.mjs'),
    stacks: join(root, 'test', 'runner', 'fixtures', 'tiny-stacks.mjs'),
    runner: join(output, 'runner', 'main.mjs'),
  }
}
