import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { buildChangedBundles } from '../../sandbox/build-changed-bundles.ts'

/** A tree with one bundle in it, whose built text can be made recognizably old. */
async function built() {
  const root = mkdtempSync(join(tmpdir(), 'gantry-bundles-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const source = join(root, 'runner', 'guard.ts')
  const bundle = join(root, 'dist', 'runner', 'guard.mjs')
  mkdirSync(join(root, 'runner'))
  writeFileSync(source, 'console.log("one")\n')
  await buildChangedBundles(root)
  return { root, source, bundle, text: () => readFileSync(bundle, 'utf8') }
}

/** Gives a file another content of the same length and its old time back: only a build would notice. */
function alterUnseen(file: string, from: string, to: string, time: Date): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
  utimesSync(file, time, time)
}

it('builds nothing where nothing has changed', async () => {
  const { root, source, text } = await built()
  const time = new Date(1_700_000_000_000)
  utimesSync(source, time, time)
  await buildChangedBundles(root)
  alterUnseen(source, 'one', 'two', time)
  await buildChangedBundles(root)
  expect(text()).toContain('one')
})

it('builds where a source has changed', async () => {
  const { root, source, text } = await built()
  writeFileSync(source, 'console.log("another")\n')
  await buildChangedBundles(root)
  expect(text()).toContain('another')
})

it('builds where a bundle is gone', async () => {
  const { root, bundle, text } = await built()
  rmSync(bundle)
  await buildChangedBundles(root)
  expect(text()).toContain('one')
})
