import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildBundles } from '../../bundles.ts'
import { example } from '../support/example.ts'
import { serverInput } from '../support/synth-inputs.ts'
import { type Bench, timed, times } from './bench.ts'
import { medianRow, type Row } from './table.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const many = 200

/** The stacks bundle as the runner starts it: one process for one definition. */
export async function synth(bench: Bench): Promise<Row[]> {
  const directory = await mkdtemp(join(bench.home, 'synth-'))
  await buildBundles(root, directory, ['stacks/main.ts'])
  const synthesize = async (index: number): Promise<number> => {
    const inputFile = join(directory, `input-${index}.json`)
    await writeFile(inputFile, JSON.stringify(serverInput({ ...example('everything-stdio'), name: `Bench ${index}` })))
    const env = { PATH: process.env.PATH, GANTRY_SYNTH_INPUT: inputFile, GANTRY_SYNTH_OUTDIR: join(directory, `out-${index}`) }
    return (await timed(() => run(process.execPath, [join(directory, 'stacks', 'main.mjs')], { env }))).seconds
  }
  await synthesize(0)
  const single = await times(Math.max(bench.runs, 5), synthesize)
  bench.say(`${many} synths`)
  const { seconds } = await timed(() => times(many, synthesize))
  return [
    medianRow('synth of one definition', 's', single, { aim: '≤ 0.2 s', digits: 2 }),
    { what: `synth of ${many} definitions`, value: `${seconds.toFixed(1)} s`, how: 'once, a process each, one after the other' },
  ]
}
