import { BatchGetBuildsCommand, type Build, type CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild'

export interface RunnerBuild {
  readonly id: string
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'STOPPED' | 'TIMED_OUT'
  readonly ended: boolean
  readonly endedAt: Date | undefined
}

const runnerBuild = (build: Build): RunnerBuild[] => {
  if (!build.id) return []
  const status = build.buildStatus ?? 'IN_PROGRESS'
  return [{ id: build.id, status, ended: status !== 'IN_PROGRESS', endedAt: build.endTime }]
}

export interface RunStep {
  readonly runId: string
  /** `plan`: from the beginning; `apply`: what was approved. */
  readonly step: 'plan' | 'apply'
}

/** Starts the runner of one run and returns the build's id; the same step of a run within five minutes gets the same build. */
export async function startRun(codeBuild: CodeBuildClient, project: string, { runId, step }: RunStep): Promise<string> {
  const { build } = await codeBuild.send(
    new StartBuildCommand({
      projectName: project,
      idempotencyToken: `${runId}-${step}`,
      environmentVariablesOverride: [{ name: 'RUN_ID', value: runId, type: 'PLAINTEXT' }],
    }),
  )
  if (!build?.id) throw new Error(`CodeBuild started no build of ${project}`)
  return build.id
}

/** What became of these builds; ids that CodeBuild no longer knows are left out. */
export async function readBuilds(codeBuild: CodeBuildClient, ids: readonly string[]): Promise<Map<string, RunnerBuild>> {
  const found = new Map<string, RunnerBuild>()
  for (let start = 0; start < ids.length; start += 100) {
    const { builds } = await codeBuild.send(new BatchGetBuildsCommand({ ids: ids.slice(start, start + 100) }))
    for (const build of (builds ?? []).flatMap(runnerBuild)) found.set(build.id, build)
  }
  return found
}
