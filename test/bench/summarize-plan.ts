import { presentPlan } from '../../runner/plan-review/present-plan.ts'
import { manyResources } from '../runner/plan-review/many-resources.ts'
import { sampleInput } from '../runner/plan-review/sample-plan.ts'
import { type Bench, timed, times } from './bench.ts'
import { medianRow, type Row } from './table.ts'

const resources = 300

/** From what `terraform show -json` said to what people read, of a plan that replaces everything. */
export async function summarizePlan(bench: Bench): Promise<Row[]> {
  const said = JSON.stringify(manyResources(resources, 'replace'))
  const present = async () => presentPlan({ ...sampleInput({ shown: JSON.parse(said) }), planText: said })
  const measured = await times(Math.max(bench.runs, 5), () => timed(present))
  const bytes = measured.map(({ result }) => Buffer.byteLength(result.markdown) / 1000)
  return [
    medianRow(
      `summary of a plan of ${resources} resources`,
      's',
      measured.map(({ seconds }) => seconds),
      { aim: '< 2 s', digits: 2 },
    ),
    medianRow('  its plan.md', 'KB', bytes.slice(0, 1), { aim: '< 60 KB' }),
  ]
}
