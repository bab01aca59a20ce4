import type { Bench } from './bench.ts'
import { rawCommands } from './raw-terraform.ts'
import type { ServerLife } from './server-life.ts'
import { median, medianRow, type Row } from './table.ts'

/** Raw Terraform does not do these. */
const notTerraforms = ['publish', 'steady', 'handshake']

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const runnerSeconds = ({ runner, steps }: ServerLife): number => runner - sum(notTerraforms.map((step) => steps[step] ?? 0))

/** What the runner takes for what raw Terraform does with the same files, and in which steps. */
export async function runOverhead(bench: Bench): Promise<Row[]> {
  const lives = (await bench.serverLives('shared')).flatMap((life) => (life.raw ? [{ ...life, raw: life.raw }] : []))
  const ratios = lives.map((life) => runnerSeconds(life) / sum(rawCommands.map((name) => life.raw[name])))
  const steps = Object.keys(lives[0]?.steps ?? {}).filter((step) => !notTerraforms.includes(step))
  const middle = (read: (life: (typeof lives)[number]) => number): string => `${median(lives.map(read)).toFixed(2)}`
  const outermost = steps.filter((step) => !step.includes(' > '))
  const inSteps = (life: ServerLife) => sum(outermost.map((step) => life.steps[step] ?? 0))
  const runnerParts = steps.map((step) => `${step} ${middle((life) => life.steps[step] ?? 0)}`)
  const between = `between steps ${middle((life) => runnerSeconds(life) - inSteps(life))}`
  const rawParts = rawCommands.map((name) => `${name} ${middle((life) => life.raw[name])}`)
  return [
    medianRow('runner over raw terraform, shared', 'x', ratios, { aim: '≤ 1.25 x', digits: 2 }),
    { what: '  runner, without publish and verify', value: `${middle(runnerSeconds)} s`, how: [...runnerParts, between].join(', ') },
    { what: '  raw', value: `${middle((life) => sum(Object.values(life.raw)))} s`, how: rawParts.join(', ') },
  ]
}
