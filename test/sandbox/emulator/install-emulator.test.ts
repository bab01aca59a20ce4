import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installEmulator } from '../../../sandbox/emulator/install-emulator.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gantry-install-'))
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

/** A stand-in for python3: `venv` makes an environment whose Python is the same script. */
function fakePython(script: string): string {
  const file = join(scratch, 'python3')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}
const working = 'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; exit 0; fi\n'

function install(script: string, requirements = 'moto==1') {
  const file = join(scratch, 'requirements.txt')
  writeFileSync(file, requirements)
  const lines: string[] = []
  const python = installEmulator({
    directory: join(scratch, 'venv'),
    python: fakePython(script),
    requirements: file,
    onProgress: (line) => lines.push(line),
  })
  return { python, lines }
}

test('a second install of the same requirements uses the first and says nothing', async () => {
  const first = await install(`${working}echo Collecting moto==1`).python
  const again = install('echo must not run; exit 1')
  expect(await again.python).toBe(first)
  expect(again.lines).toEqual([])
})

test('other requirements are another environment', async () => {
  const first = await install(`${working}exit 0`).python
  expect(await install(`${working}exit 0`, 'moto==2').python).not.toBe(first)
})

test('each package is a line of progress', async () => {
  const { python, lines } = install(`${working}echo 'Collecting moto==1 (from -r x)'`)
  await python
  expect(lines).toEqual(['creating a Python environment for the AWS emulator', 'collecting moto==1'])
})

test('without Python it says so and how to get it', async () => {
  const missing = installEmulator({ directory: join(scratch, 'venv'), python: join(scratch, 'absent') })
  await expect(missing).rejects.toThrow(/needs Python 3.11 or later .* is not on the PATH.*apt install python3 python3-venv/)
})

test('without the venv module it says what python said', async () => {
  await expect(install('echo ensurepip is not available >&2; exit 1').python).rejects.toThrow(/ensurepip is not available.*apt install/)
})

test('a pip that fails leaves nothing that looks installed', async () => {
  await expect(install(`${working}echo 'ERROR: no such package' >&2; exit 1`).python).rejects.toThrow(/no such package.*PIP_INDEX_URL/)
  expect(readdirSync(join(scratch, 'venv'))).toEqual([])
})

test('what a killed install left is swept away', async () => {
  mkdirSync(join(scratch, 'venv', 'emulator-x.999999999-0.draft'), { recursive: true })
  await install(`${working}exit 0`).python
  expect(readdirSync(join(scratch, 'venv'))).toHaveLength(1)
})

test('two installs at once end with one environment', async () => {
  const script = `${working}exit 0`
  const [one, other] = await Promise.all([install(script).python, install(script).python])
  expect(one).toBe(other)
})

test('an abort ends it', async () => {
  const controller = new AbortController()
  const file = join(scratch, 'requirements.txt')
  writeFileSync(file, '')
  const aborted = installEmulator({
    directory: join(scratch, 'venv'),
    python: fakePython('sleep 60'),
    requirements: file,
    signal: controller.signal,
  })
  controller.abort(new Error('stopped'))
  await expect(aborted).rejects.toThrow('stopped')
})
