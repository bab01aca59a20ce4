import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { S3Client } from '@aws-sdk/client-s3'
import { s3Artifacts } from './adapters/s3-artifacts.ts'
import { type InitConfig, readConfig } from './init/config.ts'
import { copyRuntime, ownLibraries } from './init/copy-runtime.ts'
import { syncFiles } from './init/sync-files.ts'
import { createLog, type Log } from './log.ts'

/** Fills a task's volumes before its other containers start: the server's files, and the bridge for an image without one. */
export async function runInit({ artifacts, runtimeDirectory, region, endpoint }: InitConfig, home: string, log: Log): Promise<void> {
  if (runtimeDirectory !== undefined) {
    await copyRuntime({ node: process.execPath, bridge: join(home, 'bridge.mjs'), libraries: ownLibraries() }, runtimeDirectory)
    log('info', 'the bridge is in place', { directory: runtimeDirectory })
  }
  if (artifacts === undefined) return
  const options = { ...(region ? { region } : {}), ...(endpoint ? { endpoint, forcePathStyle: true } : {}) }
  const source = s3Artifacts(new S3Client(options), artifacts)
  const { files, bytes } = await syncFiles(source, artifacts.directory)
  log('info', 'the files are in place', { source: source.name, directory: artifacts.directory, files, bytes })
}

const program = process.argv[1] && realpathSync(process.argv[1])
if (program === fileURLToPath(import.meta.url)) {
  const log = createLog(process.stdout)
  try {
    await runInit(readConfig(), dirname(program), log)
  } catch (error) {
    log('error', 'the task cannot start', { reason: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
  }
}
