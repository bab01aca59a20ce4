import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { BuildRecord, isOver } from './build-record.ts'

export interface RecordStore {
  /** Newest last. */
  all(): readonly BuildRecord[]
  find(buildId: string): BuildRecord | undefined
  save(record: BuildRecord): void
}

const keptBuilds = 500

/** Build records, one file each, whole or not there, readable by their owner alone; all of them in memory too. */
export function openRecordStore(directory: string): RecordStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const fileOf = ({ build }: BuildRecord) => join(directory, `${build.id.split(':').at(-1)}.json`)
  const records = new Map(readAll(directory).map((record) => [record.build.id, record]))
  const over = [...records.values()].filter(({ build }) => isOver(build))
  for (const record of over.slice(0, Math.max(0, over.length - keptBuilds))) {
    rmSync(fileOf(record), { force: true })
    records.delete(record.build.id)
  }
  return {
    all: () => [...records.values()],
    find: (buildId) => records.get(buildId),
    save(record) {
      const isNew = !records.has(record.build.id)
      // A build that begins must be on the disk; one that goes on is true in memory whatever the disk says.
      if (isNew) writeWhole(fileOf(record), JSON.stringify(record))
      records.set(record.build.id, record)
      if (!isNew) writeWhole(fileOf(record), JSON.stringify(record))
    },
  }
}

function readAll(directory: string): BuildRecord[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => BuildRecord.parse(JSON.parse(readFileSync(join(directory, name), 'utf8'))))
    .sort((a, b) => a.build.startTime - b.build.startTime)
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.draft`
  const descriptor = openSync(draft, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(draft, file)
}
