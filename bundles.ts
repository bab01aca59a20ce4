import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

interface Bundle {
  readonly entry: string
  readonly output: string
  readonly options?: BuildOptions
}

/** CommonJS inside an ESM bundle still calls require for Node's own modules. */
const requireBanner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
}
const dirnameBanner = {
  js: `${requireBanner.js} import { fileURLToPath as __fileURLToPath } from 'node:url'; const __filename = __fileURLToPath(import.meta.url); const __dirname = __fileURLToPath(new URL('.', import.meta.url));`,
}

const bundles: readonly Bundle[] = [
  // jsii's runtime checks and cdktf's validations read class names.
  { entry: 'stacks/main.ts', output: 'stacks/main.mjs', options: { banner: dirnameBanner, keepNames: true } },
  { entry: 'runner/main.ts', output: 'runner/main.mjs', options: { banner: requireBanner, minifyWhitespace: true, minifySyntax: true } },
  { entry: 'runner/guard.ts', output: 'runner/guard.mjs', options: { banner: { js: '#!/usr/bin/env node' } } },
  { entry: 'bridge/main.ts', output: 'bridge/bridge.mjs' },
  { entry: 'bridge/init.ts', output: 'bridge/init.mjs', options: { banner: requireBanner } },
  { entry: 'api/lambda.ts', output: 'lambda/api/index.mjs', options: { banner: requireBanner } },
  { entry: 'api/authorizer.ts', output: 'lambda/authorizer/index.mjs', options: { banner: requireBanner } },
  { entry: 'api/reconciler.ts', output: 'lambda/reconciler/index.mjs', options: { banner: requireBanner } },
]

const runShim = '#!/bin/sh\nexec node "$(dirname "$(readlink -f "$0")")/../runner/main.mjs"\n'

/** Builds what runs without this tree beside it into `output` (default: `dist` below the root); `only` names entries. */
export async function buildBundles(root: string, output: string = join(root, 'dist'), only?: readonly string[]): Promise<void> {
  const chosen = bundles.filter(({ entry }) => (only ? only.includes(entry) : existsSync(join(root, entry))))
  await Promise.all(
    chosen.map(async (bundle) => {
      const { outputFiles } = await build({
        absWorkingDir: root,
        entryPoints: [bundle.entry],
        outfile: join(output, bundle.output),
        bundle: true,
        platform: 'node',
        target: 'node20',
        format: 'esm',
        logLevel: 'warning',
        legalComments: 'none',
        ...bundle.options,
        write: false,
      })
      for (const { path, contents } of outputFiles) await replace(path, contents)
    }),
  )
  await replace(join(output, 'bin', 'gantry-run'), Buffer.from(runShim))
}

/** Whole or not at all, and only where it changed: a build of another sandbox may be reading it. */
async function replace(file: string, contents: Uint8Array): Promise<void> {
  const before = await readFile(file).catch(() => undefined)
  if (before?.equals(contents)) return
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.draft`
  await writeFile(draft, contents, { mode: 0o755 })
  await rename(draft, file)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundles(dirname(fileURLToPath(import.meta.url)))
