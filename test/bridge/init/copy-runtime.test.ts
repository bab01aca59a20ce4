import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyRuntime, ownLibraries } from '../../../bridge/init/copy-runtime.ts'

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'gantry-runtime-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('the copy runs with its own loader and its own libraries only', async () => {
  const target = directory()
  const bridge = join(directory(), 'bridge.mjs')
  writeFileSync(bridge, "process.stdout.write(process.report.getReport().sharedObjects.filter((path) => path.startsWith('/')).join())")
  await copyRuntime({ node: process.execPath, bridge, libraries: ownLibraries() }, target)
  const [lib, node, script] = ['lib', 'node', 'bridge.mjs'].map((name) => join(target, name)) as [string, string, string]
  const loaded = execFileSync(join(lib, 'ld.so'), ['--library-path', lib, node, script], { encoding: 'utf8', env: {} }).split(',')
  expect(loaded.length).toBeGreaterThan(3)
  expect(loaded.every((path) => path.startsWith(lib))).toBe(true)
})

test.each(['ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1', 'ld-musl-x86_64.so.1', 'ld-musl-aarch64.so.1'])(
  '%s is a loader',
  async (name) => {
    const [from, target] = [directory(), directory()]
    const libraries = ['libld.so.1', name, 'libc.so.6'].map((library) => join(from, library))
    for (const library of libraries) writeFileSync(library, library)
    await copyRuntime({ node: process.execPath, bridge: '/dev/null', libraries }, target)
    expect(readFileSync(join(target, 'lib', 'ld.so'), 'utf8')).toBe(join(from, name))
  },
)

test('a Node without a loader is refused', async () => {
  await expect(copyRuntime({ node: process.execPath, bridge: '/dev/null', libraries: [] }, directory())).rejects.toThrow('no loader')
})
