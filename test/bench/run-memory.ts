import type { Bench } from './bench.ts'
import { medianRow, type Row } from './table.ts'

/** The most resident memory that the processes of one build had together. */
export async function runMemory(bench: Bench): Promise<Row[]> {
  const lives = await bench.serverLives('shared')
  const peaks = lives.map(({ peakMiB }) => peakMiB)
  return [medianRow('peak memory of one run (sum of RSS)', 'MiB', peaks, { digits: 0 })]
}
