import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import type { Project } from '@aws-sdk/client-codebuild'
import type { BuildBook } from './build-book.ts'
import { buildEnvironment } from './build-environment.ts'
import type { Build } from './build-record.ts'
import { buildScript } from './build-script.ts'
import { parseBuildspec } from './buildspec.ts'
import { complete, enterPhase, leavePhase } from './enter-phase.ts'
import { killLeftOver } from './kill-left-over.ts'
import { createLogWriter } from './log-writer.ts'
import { type RunningBuild, runBuild } from './run-build.ts'

export interface ExecuteBuildOptions {
  readonly project: Project
  readonly overrides: readonly { readonly name: string; readonly value: string }[]
  readonly build: Build
  readonly book: BuildBook
  readonly logs: CloudWatchLogsClient
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly graceSeconds: number
  readonly onLog: (line: string) => void
}

/** Runs a build that is kept already, and writes down what becomes of it; `done` settles when all of that is written. */
export function executeBuild(options: ExecuteBuildOptions): { running?: RunningBuild; done: Promise<void> } {
  const { build, book, onLog } = options
  const log = createLogWriter(options.logs, build.logs, onLog)
  const directory = join(options.directory, build.id.split(':').at(-1) ?? '')
  let running: RunningBuild
  try {
    running = launch(options, directory, (line) => log.write(line))
  } catch (error) {
    const reason = (error as Error).message
    log.write(`[Container] ${reason}`)
    book.updateBuild(build.id, (current) => complete(enterPhase(current, 'DOWNLOAD_SOURCE'), 'FAILED', reason))
    return { done: log.end() }
  }
  return { running, done: finish(running) }

  async function finish({ outcome }: RunningBuild): Promise<void> {
    const status = await outcome
    // The log is whole before anybody is told that the build is over.
    await log.end()
    rmSync(directory, { recursive: true, force: true })
    book.updateBuild(build.id, (current) => complete(current, status))
  }
}

function launch(options: ExecuteBuildOptions, directory: string, onLine: (line: string) => void): RunningBuild {
  const { project, build, book } = options
  const buildspec = parseBuildspec(project.source?.buildspec ?? '')
  const environment = buildEnvironment({
    base: options.environment,
    buildspec,
    project: project.environment?.environmentVariables ?? [],
    overrides: options.overrides,
    build,
    directory,
  })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return runBuild({
    script: buildScript(buildspec),
    directory,
    environment,
    timeoutSeconds: build.timeoutInMinutes * 60,
    graceSeconds: options.graceSeconds,
    onLine,
    // Terraform and cdktf lead groups of their own; a container would end with all that is in it.
    killStrays: () => killLeftOver({ build }),
    onStarted: (identity) => book.update(build.id, (record) => ({ ...record, process: identity })),
    onPhase: (phase, exitCode) =>
      book.updateBuild(build.id, (current) => (exitCode === undefined ? enterPhase(current, phase) : leavePhase(current, exitCode))),
  })
}
