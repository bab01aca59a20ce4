import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import type { ArtifactSource } from '../../../bridge/init/artifact-source.ts'
import { syncFiles } from '../../../bridge/init/sync-files.ts'

type Objects = Readonly<Record<string, { text?: string; metadata?: Record<string, string>; bytes?: number }>>

/** A prefix with these objects. */
const holding = (objects: Objects): ArtifactSource => ({
  name: 's3://files/docs/',
  async *list() {
    for (const [path, { text = '', bytes = Buffer.byteLength(text) }] of Object.entries(objects)) yield { path, bytes }
  },
  open: async ({ path }) => ({ body: Readable.from(Buffer.from(objects[path]?.text ?? '')), metadata: objects[path]?.metadata ?? {} }),
})

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-init-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

const modeOf = (...path: string[]): string => (statSync(join(...path)).mode & 0o7777).toString(8)

test('every object below the prefix becomes a file, and empty folders stay', async () => {
  const directory = emptyDirectory()
  const total = await syncFiles(
    holding({ '': {}, 'main.py': { text: 'print()' }, 'tools/a/b.json': { text: '{}' }, 'empty/': {} }),
    directory,
  )
  expect(total).toEqual({ files: 2, bytes: 9 })
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(['empty', 'main.py', 'tools', 'tools/a', 'tools/a/b.json'])
  expect(readFileSync(join(directory, 'tools/a/b.json'), 'utf8')).toBe('{}')
})

test('modes come from the metadata; without any, what begins with #! can be executed', async () => {
  const directory = emptyDirectory()
  const files = {
    plain: { text: 'x' },
    script: { text: '#!/bin/sh\n' },
    octal: { text: 'x', metadata: { mode: '0750' } },
    rclone: { text: 'x', metadata: { mode: '100755' } },
    s3fs: { text: 'x', metadata: { mode: '33261' } },
    datasync: { text: 'x', metadata: { 'file-permissions': '0700' } },
    kept: { text: '#!/bin/sh\n', metadata: { mode: '0644' } },
    setuid: { text: 'x', metadata: { mode: '4755' } },
    unreadable: { text: 'x', metadata: { mode: '0000' } },
    nonsense: { text: 'x', metadata: { mode: 'rwxr-xr-x' } },
  }
  await syncFiles(holding(files), directory)
  expect(Object.fromEntries(Object.keys(files).map((name) => [name, modeOf(directory, name)]))).toEqual({
    plain: '644',
    script: '755',
    octal: '750',
    rclone: '755',
    s3fs: '755',
    datasync: '700',
    kept: '644',
    setuid: '755',
    unreadable: '400',
    nonsense: '644',
  })
})

test.each(['../out', 'a/../../out', '/etc/passwd', 'a//b', './a', 'a/.', '..', 'a\0b', 'a\nb', '../'])(
  'the key %j is refused, and nothing is written outside',
  async (path) => {
    const directory = emptyDirectory()
    await expect(syncFiles(holding({ [path]: { text: 'x' } }), join(directory, 'inside'))).rejects.toThrow('cannot be a file')
    expect(await readdir(directory)).toEqual([])
  },
)

test('a name that is a file and a folder is refused', async () => {
  await expect(syncFiles(holding({ a: { text: 'x' }, 'a/b': { text: 'x' } }), emptyDirectory())).rejects.toThrow(/EEXIST|ENOTDIR|EISDIR/)
})

test('an object that changes while it is read is refused', async () => {
  await expect(syncFiles(holding({ a: { text: 'xy', bytes: 3 } }), emptyDirectory())).rejects.toThrow('a changed while it was read')
})

test('a prefix without files is refused, naming it', async () => {
  await expect(syncFiles(holding({ 'empty/': {} }), emptyDirectory())).rejects.toThrow('no files below s3://files/docs/')
})

test('a thousand files come whole', async () => {
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`d${index % 7}/${index}`, { text: String(index) }]))
  const directory = emptyDirectory()
  expect((await syncFiles(holding(files), directory)).files).toBe(1000)
  expect(readFileSync(join(directory, 'd5/999'), 'utf8')).toBe('999')
})
