import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GantryError } from '../../schema/error-code.ts'
import type { ServerSynthInput } from '../../schema/synth-input.ts'
import type { SynthesizedServer } from '../ports.ts'

const timeoutMilliseconds = 20_000

/** Synthesizes a server by the stacks bundle in a child process that gets nothing of our environment. */
export function createSynthProcess(bundle: string): (input: ServerSynthInput) => Promise<SynthesizedServer> {
  return async (input) => {
    const directory = await mkdtemp(join(tmpdir(), 'gantry-synth-'))
    try {
      const inputFile = join(directory, 'input.json')
      const outdir = join(directory, 'cdktf.out')
      await writeFile(inputFile, JSON.stringify(input), { mode: 0o600 })
      await run(bundle, directory, { GANTRY_SYNTH_INPUT: inputFile, GANTRY_SYNTH_OUTDIR: outdir })
      return { files: await readStack(join(outdir, 'stacks')) }
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

function run(bundle: string, cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle], {
      cwd,
      env: { ...env, HOME: cwd, TMPDIR: cwd, CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutMilliseconds,
      killSignal: 'SIGKILL',
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve()
      const cause = new Error(said)
      reject(new GantryError('SYNTH_FAILED', `Synthesis ended with ${signal ?? `exit code ${code}`}.`, { cause }))
    })
  })
}

async function readStack(stacks: string): Promise<Record<string, unknown>> {
  const [stack] = await readdir(stacks)
  if (!stack) throw new GantryError('SYNTH_FAILED', 'Synthesis wrote no stack.')
  const names = (await readdir(join(stacks, stack))).filter((name) => name.endsWith('.json')).sort()
  const files = names.map(async (name) => [name, JSON.parse(await readFile(join(stacks, stack, name), 'utf8'))] as const)
  return Object.fromEntries(await Promise.all(files))
}
