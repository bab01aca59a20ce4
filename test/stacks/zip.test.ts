import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zip } from '../../stacks/zip.ts'

test('another program finds every file in the archive, whole and readable', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-zip-'))
  try {
    const file = join(directory, 'x.zip')
    const entries = [
      { name: 'index.mjs', content: Buffer.from('export const handler = 1\n') },
      { name: 'stacks/main.mjs', content: Buffer.from('äöü') },
    ]
    writeFileSync(file, zip(entries))
    const script =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, oct(i.external_attr >> 16), z.read(i).decode()) for i in z.infolist()])'
    const told = execFileSync('python3', ['-c', script, file], { encoding: 'utf8', env: { ...process.env, PYTHONUTF8: '1' } })
    expect(told.trim()).toBe("None [('index.mjs', '0o100644', 'export const handler = 1\\n'), ('stacks/main.mjs', '0o100644', 'äöü')]")
  } finally {
    rmSync(directory, { recursive: true })
  }
})
