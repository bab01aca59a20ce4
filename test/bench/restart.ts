import { cpSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { layout } from '../../sandbox/layout.ts'
import { controlPlane } from '../support/control-plane.ts'
import { tinyServer } from '../support/tiny-server.ts'
import { venvDirectory } from '../support/venv-directory.ts'
import { type Bench, timed, times } from './bench.ts'
import { type JournalRow, readJournal, replayAgain, type Sent, sendRows } from './journal.ts'
import { medianRow, type Row } from './table.ts'

/**
 * The start after many lives and a kill. Real lives take half a minute each, so most are done by repeating the AWS writes
 * of the real ones, with the ids that a new life draws.
 */
export async function restart(bench: Bench): Promise<Row[]> {
  const before = await bench.directory('before-lives')
  const directory = await bench.directory('lives')
  const rows = await realLives(bench, directory)
  const repeats = Math.max(0, Math.ceil((bench.lives - bench.realLives) / bench.realLives))
  const { alike, sent } = await repeatLives(bench, { before, directory, rows, repeats })

  const emulator = (place: string) => layout(place).emulator
  const size = (name: string) => `${(statSync(join(emulator(directory), name)).size / 1e6).toFixed(1)} MB`
  const sizes = `snapshot ${size('snapshot')}, journal ${size('journal')}`
  const seconds = await times(bench.runs, async (index) => {
    const copy = `${directory}-${index}`
    cpSync(directory, copy, { recursive: true })
    return (await timed(() => bench.start(copy))).seconds
  })
  await bench.stop()
  const repeated = `${repeats * bench.realLives} by their AWS writes again (${alike} of ${sent} answered as the real ones)`
  return [
    medianRow(`restart after ${bench.realLives * (repeats + 1)} lives and a kill`, 's', seconds, { aim: '≤ 15 s' }),
    { what: '  the emulator kept', value: sizes, how: `${bench.realLives} lives real, ${repeated}` },
  ]
}

/** Creates and deletes through the API; returns every AWS write that was part of it. */
async function realLives(bench: Bench, directory: string): Promise<JournalRow[]> {
  const { emulator } = layout(directory)
  // Where a snapshot cannot be written the journal keeps every row.
  const draft = join(emulator, 'snapshot.draft')
  mkdirSync(draft)
  const sandbox = await bench.start(directory)
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  for (let life = 1; life <= bench.realLives; life += 1) {
    bench.say(`life ${life} of ${bench.realLives}`)
    const definition = { name: 'Bench life', serverType: 'stdio', startCommand: tinyServer() }
    const { run, accepted } = await gantry.create(definition)
    if (run.status !== 'SUCCEEDED') throw new Error(`the run ended ${run.status}: ${run.error?.message}`)
    await gantry.remove(accepted.server.id)
  }
  await bench.stop()
  rmSync(draft, { recursive: true })
  return readJournal(readFileSync(join(emulator, 'journal'), 'utf8'))
}

interface Repeat {
  readonly before: string
  readonly directory: string
  readonly rows: readonly JournalRow[]
  readonly repeats: number
}

async function repeatLives(bench: Bench, { before, directory, rows, repeats }: Repeat): Promise<{ alike: number; sent: number }> {
  const python = await installEmulator({ directory: venvDirectory })
  // On the platform as it was before, the same writes get the same answers: now they are known.
  const first = await startEmulator({ python, storeDirectory: layout(before).emulator })
  const known = await sendRows(first.port, rows).finally(() => first.stop())
  const emulator = await startEmulator({ python, storeDirectory: layout(directory).emulator })
  let alike = 0
  try {
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      if (repeat % 4 === 1) bench.say(`the writes of ${bench.realLives} lives again, ${repeat} of ${repeats}`)
      const again: Sent[] = await replayAgain(emulator.port, rows, known)
      alike += again.filter(({ status }, index) => status === known[index]?.status).length
    }
    process.kill(emulator.pid, 'SIGKILL')
  } finally {
    await emulator.stop()
  }
  return { alike, sent: rows.length * repeats }
}
