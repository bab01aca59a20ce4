import type { BuildBook } from './build-book.ts'
import { isOver } from './build-record.ts'
import { complete } from './enter-phase.ts'
import { killLeftOver } from './kill-left-over.ts'

/** Ends what an earlier sandbox left IN_PROGRESS, and tells again what EventBridge may not have heard. */
export function recoverBuilds(book: BuildBook, onLog: (line: string) => void): void {
  for (const record of book.store.all()) {
    if (!isOver(record.build)) {
      const killed = killLeftOver(record)
      if (killed > 0) onLog(`${killed} processes of build ${record.build.id} were left over and have been ended`)
      const message = 'The sandbox ended while this build ran.'
      book.updateBuild(record.build.id, (build) => complete(build, record.stopRequested ? 'STOPPED' : 'FAULT', message))
    } else if (record.announced !== record.build.buildStatus) {
      book.retell(record.build.id)
    }
  }
}
