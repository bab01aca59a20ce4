import { type CodeBuildClient, CreateProjectCommand, type EnvironmentVariable } from '@aws-sdk/client-codebuild'

/** A project as the platform's Terraform makes it: NO_SOURCE and an inline buildspec. */
export async function createProject(
  client: CodeBuildClient,
  name: string,
  buildspec: string,
  more: { variables?: EnvironmentVariable[]; concurrentBuildLimit?: number; timeoutInMinutes?: number } = {},
): Promise<void> {
  const { variables = [], ...rest } = more
  await client.send(
    new CreateProjectCommand({
      name,
      source: { type: 'NO_SOURCE', buildspec },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'runner',
        computeType: 'BUILD_GENERAL1_SMALL',
        environmentVariables: [{ name: 'RUN_ID', value: 'none' }, ...variables],
      },
      serviceRole: 'arn:aws:iam::123456789012:role/runner',
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: `/gantry/test/${name}` } },
      ...rest,
    }),
  )
}
