import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { preflight } from '../../sandbox/preflight.ts'

/** A PATH that holds exactly these programs, each a shell script. */
function path(programs: Record<string, string>): NodeJS.ProcessEnv {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-path-'))
  symlinkSync('/bin/sh', join(directory, 'sh'))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  return { PATH: directory }
}

const terraform = (version: string) => `echo '{"terraform_version":"${version}"}'`
const python = 'echo 3.11.7'

describe('preflight', () => {
  it('tells the versions of what it found', async () => {
    expect(await preflight(path({ terraform: terraform('1.11.4'), python3: python }))).toEqual({
      terraformVersion: '1.11.4',
      pythonVersion: '3.11.7',
    })
  })

  it.each([
    ['no terraform', { python3: python }, /^terraform is not on the PATH\. Install Terraform 1\.11/],
    ['no python3', { terraform: terraform('1.11.4') }, /^python3 is not on the PATH\. Install Python 3\.11/],
    [
      'a python3 without venv',
      { terraform: terraform('1.11.4'), python3: 'echo "No module named venv" >&2; exit 1' },
      /^python3 does not answer \(No module named venv\)\. .*python3-venv/,
    ],
    [
      'a terraform that is too old',
      { terraform: terraform('1.9.8'), python3: python },
      /^Terraform is 1\.9\.8; Gantry needs 1\.11 or later/,
    ],
    [
      'a terraform that is something else',
      { terraform: 'echo hello', python3: python },
      /^Terraform is unknown; Gantry needs 1\.11 or later/,
    ],
    [
      'a python3 that is too old',
      { terraform: terraform('1.11.4'), python3: 'echo 3.9.2' },
      /^Python is 3\.9\.2; Gantry needs 3\.11 or later/,
    ],
  ])('says in one sentence what to do with %s', async (_, programs, message) => {
    await expect(preflight(path(programs as Record<string, string>))).rejects.toThrow(message)
  })
})
