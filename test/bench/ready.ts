import { type Bench, timed, times } from './bench.ts'
import { medianRow, type Row } from './table.ts'

/** From the start of an existing sandbox to its listening. */
export async function ready(bench: Bench): Promise<Row[]> {
  const directory = await bench.directory('servers')
  const seconds = await times(bench.runs, async () => {
    await bench.stop()
    bench.say('starting an existing sandbox')
    return (await timed(() => bench.start(directory))).seconds
  })
  return [medianRow('ready, from a warm install', 's', seconds, { aim: '≤ 15 s' })]
}
