import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSynthProcess } from '../../api/adapters/synth-process.ts'
import type { ServerSynthInput } from '../../schema/synth-input.ts'

const input = { kind: 'server', uid: 'u1' } as ServerSynthInput
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synth-test-'))
  process.env.TMPDIR = directory
})
afterAll(() => rm(directory, { recursive: true }))

let count = 0
async function bundle(source: string): Promise<string> {
  const file = join(directory, `bundle-${++count}.mjs`)
  await writeFile(
    file,
    `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'\nconst { GANTRY_SYNTH_INPUT: input, GANTRY_SYNTH_OUTDIR: outdir } = process.env\n${source}`,
  )
  return file
}
const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('gantry-synth-'))

describe('createSynthProcess', () => {
  test('hands the input over as a file and answers the stack’s JSON files', async () => {
    const file = await bundle(`
      mkdirSync(outdir + '/stacks/server-docs', { recursive: true })
      writeFileSync(outdir + '/stacks/server-docs/cdk.tf.json', JSON.stringify({ got: JSON.parse(readFileSync(input, 'utf8')) }))
      writeFileSync(outdir + '/stacks/server-docs/notes.txt', 'x')`)
    expect(await createSynthProcess(file)(input)).toEqual({ files: { 'cdk.tf.json': { got: input } } })
    expect(await leftovers()).toEqual([])
  })

  test('gives the child nothing of our environment', async () => {
    process.env.GANTRY_TEST_SECRET = 'hunter2'
    const file = await bundle(`
      mkdirSync(outdir + '/stacks/s', { recursive: true })
      writeFileSync(outdir + '/stacks/s/cdk.tf.json', JSON.stringify(Object.keys(process.env).sort()))`)
    const { files } = await createSynthProcess(file)(input)
    expect(files['cdk.tf.json']).toEqual(['CHECKPOINT_DISABLE', 'GANTRY_SYNTH_INPUT', 'GANTRY_SYNTH_OUTDIR', 'HOME', 'TMPDIR'])
  })

  test('says how a synthesis ended that failed, and keeps what it printed out of the message', async () => {
    const failing = createSynthProcess(await bundle(`console.error('internal path'); process.exit(3)`))
    await expect(failing(input)).rejects.toMatchObject({ code: 'SYNTH_FAILED', message: 'Synthesis ended with exit code 3.' })
    await expect(createSynthProcess(await bundle(`mkdirSync(outdir + '/stacks', { recursive: true })`))(input)).rejects.toMatchObject({
      code: 'SYNTH_FAILED',
    })
    expect(await leftovers()).toEqual([])
  })
})
