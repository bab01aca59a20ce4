import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownDirectory } from '../support/own-directory.ts'
import { familyOf, survivors } from '../support/process-family.ts'
import { processesOf, type SandboxOptions, spawnSandbox } from '../support/sandbox-process.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const own = ownDirectory()
afterAll(() => own.remove())

/** What it printed until it ended by itself. */
async function refusal(options: Partial<SandboxOptions>): Promise<{ code: number | null; output: string }> {
  const { ended, output } = spawnSandbox({ directory: own.directory, ...options })
  return { code: await ended, output: output().trim() }
}

/** A PATH with nothing on it but these of this machine's programs. */
function path(...programs: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-path-'))
  for (const program of programs) {
    const found = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, program))
    symlinkSync(found.find(existsSync) ?? program, join(directory, program))
  }
  return directory
}

it('prints its help and starts nothing', async () => {
  const { code, output } = await refusal({ arguments: ['--help'] })
  expect(code).toBe(0)
  expect(output).toMatch(/^Usage: npm start[\s\S]*--reset[\s\S]*GANTRY_PORT[\s\S]*GANTRY_DIRECTORY/)
  expect(existsSync(own.directory)).toBe(false)
})

it.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ['no terraform', { PATH: path('python3') }, /^terraform is not on the PATH\. Install Terraform 1\.11/],
  ['no python3', { PATH: path('terraform') }, /^python3 is not on the PATH\. Install Python 3\.11/],
  ['no provider where it was named', { GANTRY_PROVIDER_MIRROR: tmpdir() }, /^GANTRY_PROVIDER_MIRROR is .* which holds no .*hashicorp\/aws/],
  ['a port that is none', { GANTRY_PORT: '65536' }, /^GANTRY_PORT is "65536"; expected a port from 0 to 65535/],
])('says in one sentence what to do about %s, before anything is started', async (_, environment, sentence) => {
  const { code, output } = await refusal({ environment })
  expect(code).toBe(1)
  expect(output.split('\n').at(-1)).toMatch(sentence)
  expect(output).not.toContain('building')
})

it('says in one sentence that it cannot write to its directory', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gantry-file-')), 'file')
  writeFileSync(file, '')
  const { code, output } = await refusal({ directory: join(file, 'sandbox') })
  expect(code).toBe(1)
  expect(output).toMatch(/^The sandbox cannot write to .*\/file\/sandbox \(.*\); .*GANTRY_DIRECTORY\.$/)
})

it('says in one sentence that its port is taken', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  const { code, output } = await refusal({ port })
  server.close()
  expect(code).toBe(1)
  expect(output.split('\n').at(-1)).toMatch(new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken .*GANTRY_PORT`))
})

it('leaves no process behind after a refusal', () => expect(processesOf(own.directory)).toEqual([]))

describeBesideARunningOne('start', [])
describeBesideARunningOne('start that begins anew', ['--reset'])

function describeBesideARunningOne(what: string, more: string[]): void {
  const running = sandbox
  let before: ReturnType<typeof familyOf>
  beforeAll(() => {
    // What lasts: builds and tasks of other files come and go.
    before = familyOf(running.pid).filter(({ pid, command }) => pid === running.pid || command.includes('emulator/main.py'))
    expect(before).toHaveLength(2)
  })

  it(`refuses a second ${what} beside a running one, and does it no harm`, async () => {
    const description = readFileSync(join(running.directory, 'sandbox.json'), 'utf8')
    const { code, output } = await refusal({ directory: running.directory, arguments: more })
    expect(code).toBe(1)
    expect(output).toContain(`A sandbox already runs on ${running.directory} (pid ${running.pid}, ${running.url})`)
    expect(readFileSync(join(running.directory, 'sandbox.json'), 'utf8')).toBe(description)
    expect(survivors(before).map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid))
    expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
  })
}
