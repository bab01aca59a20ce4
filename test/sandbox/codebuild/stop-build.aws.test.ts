import { CodeBuildClient, StartBuildCommand, StopBuildCommand } from '@aws-sdk/client-codebuild'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { awaitBuild } from '../../support/await-build.ts'
import { createProject } from '../../support/create-project.ts'
import { processesWith } from '../../support/processes.ts'
import { removeFront, startFront, type TestFront } from '../../support/start-front.ts'

let front: TestFront
let client: CodeBuildClient

beforeAll(async () => {
  front = await startFront({ graceSeconds: 1 })
  client = new CodeBuildClient(front.client)
})
afterAll(() => removeFront(front))

async function start(projectName: string, command: string): Promise<string> {
  const spec = `version: 0.2\nphases:\n  build:\n    commands:\n      - ${JSON.stringify(command)}\n`
  await createProject(client, projectName, spec)
  const { build } = await client.send(new StartBuildCommand({ projectName }))
  return build?.id ?? ''
}

const runs = (text: string) => vi.waitUntil(() => processesWith(text).length > 0, { timeout: 5_000 })

test('StopBuild lets the processes of the build end themselves', async () => {
  const id = await start('polite', `sh -c 'trap "exit 0" TERM; sleep 300.11 & wait'`)
  await runs('sleep 300.11')
  await client.send(new StopBuildCommand({ id }))
  expect((await awaitBuild(client, id)).buildStatus).toBe('STOPPED')
  expect(processesWith('sleep 300.11')).toEqual([])
})

test('StopBuild kills what does not end, when the grace is over', async () => {
  const id = await start('stubborn', `sh -c 'trap "" TERM; sleep 300.22'`)
  await runs('sleep 300.22')
  await client.send(new StopBuildCommand({ id }))
  const build = await awaitBuild(client, id)
  expect(build.buildStatus).toBe('STOPPED')
  expect((build.endTime?.getTime() ?? 0) - (build.startTime?.getTime() ?? 0)).toBeGreaterThan(900)
  expect(processesWith('sleep 300.22')).toEqual([])
})

test('what a build leaves running in the background goes with it', async () => {
  const id = await start('stray', 'sleep 300.33 & true')
  expect((await awaitBuild(client, id)).buildStatus).toBe('SUCCEEDED')
  expect(processesWith('sleep 300.33')).toEqual([])
})

test('what leads a process group of its own goes with the build too', async () => {
  const id = await start('loner', 'setsid sleep 300.44 & while ! pgrep -f "^sleep 300.44"; do :; done')
  expect((await awaitBuild(client, id)).buildStatus).toBe('SUCCEEDED')
  await expect.poll(() => processesWith('sleep 300.44')).toEqual([])
})

test('a build that is over stays what it is', async () => {
  const id = await start('over', 'true')
  await awaitBuild(client, id)
  await client.send(new StopBuildCommand({ id }))
  expect((await awaitBuild(client, id)).buildStatus).toBe('SUCCEEDED')
})
