import type { Project } from '@aws-sdk/client-codebuild'
import type { Build } from './build-record.ts'
import { secondsNow } from './build-record.ts'

const defaultTimeoutMinutes = 60

/** A build of the project as it is when it has just been asked for. */
export function newBuild(project: Project, buildNumber: number, overrides: readonly { name: string; value: string }[]): Build {
  const name = project.name ?? ''
  const uuid = crypto.randomUUID()
  const id = `${name}:${uuid}`
  const startTime = secondsNow()
  const logs = project.logsConfig?.cloudWatchLogs
  const groupName = logs?.groupName ?? `/aws/codebuild/${name}`
  const streamName = logs?.streamName ? `${logs.streamName}/${uuid}` : uuid
  return {
    id,
    arn: (project.arn ?? '').replace(/:project\/.*$/, `:build/${id}`),
    buildNumber,
    projectName: name,
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'QUEUED',
    startTime,
    phases: [
      { phaseType: 'SUBMITTED', phaseStatus: 'SUCCEEDED', startTime, endTime: startTime, durationInSeconds: 0 },
      { phaseType: 'QUEUED', startTime },
    ],
    timeoutInMinutes: project.timeoutInMinutes || defaultTimeoutMinutes,
    serviceRole: project.serviceRole,
    initiator: 'sandbox',
    source: { ...project.source },
    environment: { ...project.environment, environmentVariables: withOverrides(project, overrides) },
    logs: { groupName, streamName, deepLink: '' },
  }
}

function withOverrides(project: Project, overrides: readonly { name: string; value: string }[]) {
  const variables = new Map((project.environment?.environmentVariables ?? []).map((variable) => [variable.name, variable]))
  for (const { name, value } of overrides) variables.set(name, { name, value, type: 'PLAINTEXT' })
  return [...variables.values()]
}
