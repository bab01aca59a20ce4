import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { announce } from './announce.ts'
import type { Build, BuildRecord } from './build-record.ts'
import type { RecordStore } from './record-store.ts'

export interface BuildBook {
  readonly store: RecordStore
  /** Keeps a record, then tells EventBridge its status if that is new. */
  keep(record: BuildRecord): void
  /** The same for a change of what is kept already; a disk that takes no more is told to `onLog`, memory goes on. */
  update(buildId: string, change: (record: BuildRecord) => BuildRecord): void
  updateBuild(buildId: string, change: (build: Build) => Build): void
  retell(buildId: string): void
  /** Resolves when EventBridge knows all there is. */
  told(): Promise<void>
}

/** Records first, events after: what could not be told is told again at the next start. */
export function openBuildBook(store: RecordStore, events: EventBridgeClient, onLog: (line: string) => void): BuildBook {
  let telling = Promise.resolve()

  function keep(record: BuildRecord): void {
    const before = store.find(record.build.id)?.build.buildStatus
    store.save(record)
    if (record.build.buildStatus !== before) tell(record.build)
  }
  function tell(build: Build): void {
    telling = telling
      .then(() => announce(events, build))
      .then(() => update(build.id, (latest) => ({ ...latest, announced: build.buildStatus })))
      .catch((error: Error) => onLog(`the event of build ${build.id} could not be sent: ${error.message}`))
  }
  function update(buildId: string, change: (record: BuildRecord) => BuildRecord): void {
    const record = store.find(buildId)
    if (!record) return
    try {
      keep(change(record))
    } catch (error) {
      onLog(`the record of build ${buildId} could not be written: ${(error as Error).message}`)
    }
  }
  return {
    store,
    keep,
    update,
    retell(buildId) {
      const record = store.find(buildId)
      if (record) tell(record.build)
    },
    updateBuild: (buildId, change) => update(buildId, (record) => ({ ...record, build: change(record.build) })),
    told: () => telling,
  }
}
