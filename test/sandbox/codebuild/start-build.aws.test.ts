import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient, ListBuildsForProjectCommand, StartBuildCommand, type StartBuildCommandInput } from '@aws-sdk/client-codebuild'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { awaitBuild } from '../../support/await-build.ts'
import { createProject } from '../../support/create-project.ts'
import { removeFront, startFront, type TestFront } from '../../support/start-front.ts'

let front: TestFront
let client: CodeBuildClient

beforeAll(async () => {
  vi.stubEnv('GANTRY_TEST_SECRET', 'of the caller')
  front = await startFront()
  client = new CodeBuildClient(front.client)
})
afterAll(() => removeFront(front))

async function start(projectName: string, more: Partial<StartBuildCommandInput> = {}) {
  const { build } = await client.send(new StartBuildCommand({ projectName, ...more }))
  return build?.id ?? ''
}

async function logOf(projectName: string, buildId: string): Promise<string[]> {
  const { events } = await new CloudWatchLogsClient(front.client).send(
    new GetLogEventsCommand({ logGroupName: `/gantry/test/${projectName}`, logStreamName: buildId.split(':')[1], startFromHead: true }),
  )
  return (events ?? []).map(({ message }) => message ?? '')
}

const spec = (phases: string) => `version: 0.2\nenv:\n  variables:\n    FROM_SPEC: spec\nphases:\n${phases}`

test('a build runs its phases in one shell and its output is in the log of the project when it is over', async () => {
  await createProject(
    client,
    'phases',
    spec('  install:\n    commands:\n      - A="it\'s"\n      - cd /usr\n  build:\n    commands:\n      - echo "$A $PWD"\n'),
  )
  const id = await start('phases')
  const build = await awaitBuild(client, id)
  expect(build.buildStatus).toBe('SUCCEEDED')
  expect(build.phases?.map(({ phaseType }) => phaseType)).toEqual(['SUBMITTED', 'QUEUED', 'INSTALL', 'BUILD', 'COMPLETED'])
  expect(await logOf('phases', id)).toEqual(["it's /usr"])
})

test('a build sees the project, the override, the base and nothing of the caller', async () => {
  await createProject(client, 'environment', spec('  build:\n    commands:\n      - env\n'), {
    variables: [{ name: 'GANTRY_TABLE', value: 't' }],
  })
  const id = await start('environment', { environmentVariablesOverride: [{ name: 'RUN_ID', value: 'run-1' }] })
  await awaitBuild(client, id)
  const names = (await logOf('environment', id)).map((line) => line.split('=')[0])
  expect(await logOf('environment', id)).toEqual(
    expect.arrayContaining(['RUN_ID=run-1', 'GANTRY_TABLE=t', 'FROM_SPEC=spec', 'HOME=/nonexistent', `AWS_ENDPOINT_URL=${front.url}`]),
  )
  expect(names.filter((name) => !/^(CODEBUILD_|PWD$|OLDPWD$|SHLVL$|_$)/.test(name ?? '')).sort()).toEqual([
    'AWS_ENDPOINT_URL',
    'FROM_SPEC',
    'GANTRY_TABLE',
    'HOME',
    'PATH',
    'RUN_ID',
  ])
})

test('a command that fails ends its phase; finally and post_build still run, and the phase says the exit code', async () => {
  const phases =
    '  build:\n    commands:\n      - echo one\n      - sh -c "exit 3"\n      - echo never\n    finally:\n      - echo finally\n' +
    '  post_build:\n    commands:\n      - echo "succeeding $CODEBUILD_BUILD_SUCCEEDING"\n'
  await createProject(client, 'failing', spec(phases))
  const id = await start('failing')
  const build = await awaitBuild(client, id)
  expect(build.buildStatus).toBe('FAILED')
  expect(build.phases?.find(({ phaseType }) => phaseType === 'BUILD')).toMatchObject({
    phaseStatus: 'FAILED',
    contexts: [{ message: expect.stringContaining('exit status 3') }],
  })
  expect(await logOf('failing', id)).toEqual(['one', 'finally', 'succeeding 0'])
})

test('a failed pre_build is the end', async () => {
  await createProject(client, 'early', spec('  pre_build:\n    commands: ["false"]\n  build:\n    commands: [echo never]\n'))
  const id = await start('early')
  expect((await awaitBuild(client, id)).buildStatus).toBe('FAILED')
  expect(await logOf('early', id)).toEqual([])
})

test.each<[string, Partial<StartBuildCommandInput>]>([
  ['another variable', { environmentVariablesOverride: [{ name: 'PATH', value: '/evil' }] }],
  [
    'a variable beside RUN_ID',
    {
      environmentVariablesOverride: [
        { name: 'RUN_ID', value: 'r' },
        { name: 'X', value: 'x' },
      ],
    },
  ],
  ['the buildspec', { buildspecOverride: 'version: 0.2' }],
  ['the source', { sourceTypeOverride: 'S3', sourceLocationOverride: 'bucket/key' }],
  ['the image', { imageOverride: 'other' }],
  ['privileged mode', { privilegedModeOverride: true }],
  ['the role', { serviceRoleOverride: 'arn:aws:iam::123456789012:role/other' }],
])('overriding %s is denied', async (_, override) => {
  await expect(start('phases', override)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('the same idempotency token is the same build, with other parameters an error', async () => {
  await createProject(client, 'token', spec('  build:\n    commands: ["true"]\n'))
  const [first, second] = await Promise.all([start('token', { idempotencyToken: 'run-1' }), start('token', { idempotencyToken: 'run-1' })])
  expect(second).toBe(first)
  const other = { idempotencyToken: 'run-1', environmentVariablesOverride: [{ name: 'RUN_ID', value: 'x' }] }
  await expect(start('token', other)).rejects.toMatchObject({ name: 'InvalidInputException' })
  await awaitBuild(client, first)
  const { ids } = await client.send(new ListBuildsForProjectCommand({ projectName: 'token' }))
  expect(ids).toEqual([first])
})

test('a project at its limit throttles', async () => {
  await createProject(client, 'limited', spec('  build:\n    commands: [sleep 1]\n'), { concurrentBuildLimit: 1 })
  const first = await start('limited')
  await expect(start('limited')).rejects.toMatchObject({ name: 'AccountLimitExceededException' })
  await awaitBuild(client, first)
  await expect(start('limited').then((id) => awaitBuild(client, id))).resolves.toMatchObject({ buildStatus: 'SUCCEEDED' })
})

test('a buildspec that cannot be read fails the build and says so', async () => {
  await createProject(client, 'unreadable', 'version: 0.2\nphases: [')
  const build = await awaitBuild(client, await start('unreadable'))
  expect(build.buildStatus).toBe('FAILED')
  expect(JSON.stringify(build.phases)).toContain('YAML_FILE_ERROR')
})

test('a project that is not there is not found', async () => {
  await expect(start('absent')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})
