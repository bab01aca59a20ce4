import type { Bench } from './bench.ts'
import { medianRow, type Row } from './table.ts'

/** From the POST of a definition until an official client has the server's tools. */
export async function firstToolsList(bench: Bench): Promise<Row[]> {
  const row = async (mode: 'shared' | 'dedicated', aim: string): Promise<Row> => {
    const lives = await bench.serverLives(mode)
    const seconds = lives.map(({ toFirstToolsList }) => toFirstToolsList)
    return medianRow(`POST to first tools/list, ${mode}`, 's', seconds, { aim })
  }
  return [await row('shared', '≤ 30 s'), await row('dedicated', '≤ 95 s')]
}
