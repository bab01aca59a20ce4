import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { BatchGetProjectsCommand, type Project } from '@aws-sdk/client-codebuild'
import { AwsError } from '../front/aws-error.ts'
import { openBuildBook } from './build-book.ts'
import { type Build, type BuildRecord, isOver, secondsNow } from './build-record.ts'
import { checkOverrides, type StartBuildInput } from './check-overrides.ts'
import { createClients } from './clients.ts'
import { executeBuild } from './execute-build.ts'
import { newBuild } from './new-build.ts'
import { openRecordStore } from './record-store.ts'
import { recoverBuilds } from './recover-builds.ts'
import type { RunningBuild } from './run-build.ts'

export interface CodeBuildOptions {
  /** For records and for the builds' working directories. */
  readonly directory: string
  /** The sandbox's own AWS endpoint. */
  readonly endpoint: string
  readonly region: string
  /** All that a build gets of this machine: PATH, HOME, where AWS is. */
  readonly environment: Readonly<Record<string, string>>
  /** Between SIGTERM and SIGKILL, 10 by default; AWS promises none. */
  readonly graceSeconds?: number
  readonly onLog?: (line: string) => void
}

export interface CodeBuild {
  startBuild(input: Record<string, unknown>): Promise<Build>
  batchGetBuilds(ids: readonly string[]): { builds: Build[]; buildsNotFound: string[] }
  stopBuild(id: string): Build
  /** Ids, newest first unless ASCENDING; of all projects when none is named. */
  listBuilds(projectName: string | undefined, sortOrder: unknown): string[]
  /** Stops what runs, and waits until it is gone and written down. */
  close(): Promise<void>
}

/** An idempotency token is remembered for five minutes, as in AWS. */
const tokenLifeSeconds = 300

/**
 * CodeBuild on this machine: StartBuild runs the inline buildspec of the project that the emulator holds.
 * A build runs once: what an earlier sandbox left IN_PROGRESS is ended here, never run again.
 */
export function createCodeBuild(options: CodeBuildOptions): CodeBuild {
  const { graceSeconds = 10, onLog = () => {}, environment } = options
  const clients = createClients(options.endpoint, options.region)
  const book = openBuildBook(openRecordStore(join(options.directory, 'records')), clients.events, onLog)
  const running = new Map<string, { readonly running?: RunningBuild; readonly done: Promise<void> }>()
  let isClosing = false
  recoverBuilds(book, onLog)
  rmSync(join(options.directory, 'work'), { recursive: true, force: true })

  async function readProject(name: string): Promise<Project> {
    const { projects } = await clients.codeBuild.send(new BatchGetProjectsCommand({ names: [name] }))
    const project = projects?.[0]
    if (!project) throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${name}`)
    return project
  }

  function execute(project: Project, record: BuildRecord, input: StartBuildInput): void {
    const { build } = record
    const directory = join(options.directory, 'work')
    const overrides = input.environmentVariablesOverride
    const execution = executeBuild({ project, overrides, build, book, logs: clients.logs, directory, environment, graceSeconds, onLog })
    running.set(build.id, execution)
    void execution.done.catch((error: Error) => onLog(error.message)).then(() => running.delete(build.id))
  }

  return {
    async startBuild(asked) {
      const input = checkOverrides(asked)
      const project = await readProject(input.projectName)
      // From here to `keep` nothing waits, so two calls at once see each other.
      if (isClosing) throw new AwsError('InternalFailure', 'The sandbox is stopping.', 500)
      const before = findRepeated(book.store.all(), input)
      if (before) return before.build
      checkLimit(book.store.all(), project)
      const number = book.store.all().filter(({ build }) => build.projectName === input.projectName).length + 1
      const build = newBuild(project, number, input.environmentVariablesOverride)
      const token = input.idempotencyToken === undefined ? {} : { idempotencyToken: input.idempotencyToken }
      const record: BuildRecord = { format: 1, build, ...token, fingerprint: fingerprintOf(input), stopRequested: false }
      book.keep(record)
      execute(project, record, input)
      return build
    },
    batchGetBuilds(ids) {
      const found = ids.flatMap((id) => book.store.find(id) ?? [])
      return { builds: found.map(({ build }) => build), buildsNotFound: ids.filter((id) => !book.store.find(id)) }
    },
    stopBuild(id) {
      const record = book.store.find(id)
      if (!record) throw new AwsError('ResourceNotFoundException', `Build ${id} does not exist`)
      if (isOver(record.build)) return record.build
      book.update(id, (current) => ({ ...current, stopRequested: true }))
      running.get(id)?.running?.stop()
      return record.build
    },
    listBuilds(projectName, sortOrder) {
      const ids = book.store
        .all()
        .filter(({ build }) => projectName === undefined || build.projectName === projectName)
        .map(({ build }) => build.id)
      return sortOrder === 'ASCENDING' ? ids : ids.reverse()
    },
    async close() {
      isClosing = true
      const left = [...running.values()]
      for (const execution of left) execution.running?.stop()
      await Promise.all(left.map(({ done }) => done))
      await book.told()
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

const fingerprintOf = ({ projectName, environmentVariablesOverride }: StartBuildInput) =>
  JSON.stringify([projectName, environmentVariablesOverride])

function findRepeated(records: readonly BuildRecord[], input: StartBuildInput): BuildRecord | undefined {
  if (input.idempotencyToken === undefined) return undefined
  const found = records.findLast(
    ({ idempotencyToken, build }) =>
      idempotencyToken === input.idempotencyToken &&
      build.projectName === input.projectName &&
      build.startTime > secondsNow() - tokenLifeSeconds,
  )
  if (found && found.fingerprint !== fingerprintOf(input)) {
    throw new AwsError('InvalidInputException', 'The idempotency token was used with other parameters.')
  }
  return found
}

/** CodeBuild throttles and does not queue. */
function checkLimit(records: readonly BuildRecord[], project: Project): void {
  const limit = project.concurrentBuildLimit
  const now = records.filter(({ build }) => build.projectName === project.name && !isOver(build)).length
  if (limit && now >= limit) {
    throw new AwsError('AccountLimitExceededException', `Cannot have more than ${limit} builds in progress for project ${project.name}.`)
  }
}
