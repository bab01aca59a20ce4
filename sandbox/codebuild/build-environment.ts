import type { EnvironmentVariable } from '@aws-sdk/client-codebuild'
import type { Build } from './build-record.ts'
import type { Buildspec } from './buildspec.ts'

export interface BuildEnvironmentInput {
  /** The sandbox's own: PATH, HOME, where AWS is. It wins: without it nothing runs on this machine. */
  readonly base: Readonly<Record<string, string>>
  readonly buildspec: Buildspec
  readonly project: readonly EnvironmentVariable[]
  readonly overrides: readonly { readonly name: string; readonly value: string }[]
  readonly build: Build
  readonly directory: string
}

/** All that a build's processes see; nothing of whoever started the sandbox. Throws for variables it cannot give. */
export function buildEnvironment({ base, buildspec, project, overrides, build, directory }: BuildEnvironmentInput): Record<string, string> {
  const secret = project.find(({ type }) => type !== undefined && type !== 'PLAINTEXT')
  if (secret) throw new Error(`The project's variable ${secret.name} is ${secret.type}; the sandbox gives PLAINTEXT variables only.`)
  return {
    ...buildspec.env.variables,
    ...asRecord(project),
    ...asRecord(overrides),
    ...base,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_NUMBER: String(build.buildNumber),
    CODEBUILD_INITIATOR: build.initiator,
    CODEBUILD_SRC_DIR: directory,
    CODEBUILD_START_TIME: String(Math.round(build.startTime * 1000)),
  }
}

function asRecord(variables: readonly EnvironmentVariable[]): Record<string, string> {
  return Object.fromEntries(variables.flatMap(({ name, value }) => (name ? [[name, value ?? '']] : [])))
}
