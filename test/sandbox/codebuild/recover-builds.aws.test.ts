import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodeBuildClient, ListBuildsCommand, StartBuildCommand } from '@aws-sdk/client-codebuild'
import { expect, onTestFinished, test, vi } from 'vitest'
import { awaitBuild } from '../../support/await-build.ts'
import { createProject } from '../../support/create-project.ts'
import { processesWith } from '../../support/processes.ts'
import { spawnFront } from '../../support/spawn-front.ts'
import { removeFront, startFront } from '../../support/start-front.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

test('a build whose sandbox was killed is ended with it, and is never run again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-recover-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const killed = await spawnFront(directory)
  const client = new CodeBuildClient({ endpoint: killed.url, region: 'us-east-1', credentials })
  const marks = join(directory, 'marks')
  await createProject(client, 'victim', `version: 0.2\nphases:\n  build:\n    commands:\n      - echo ran >> ${marks}; sleep 300.55\n`)
  const { build } = await client.send(new StartBuildCommand({ projectName: 'victim' }))
  await vi.waitUntil(() => processesWith('sleep 300.55').length > 0, { timeout: 5_000 })

  await killed.kill('SIGKILL')
  await vi.waitUntil(() => processesWith('sleep 300.55').length === 0, { timeout: 5_000 })
  await vi.waitUntil(() => processesWith(join(directory, 'emulator')).length === 0, { timeout: 5_000 })

  const front = await startFront({ directory, port: killed.port })
  onTestFinished(() => removeFront(front))
  const after = await awaitBuild(new CodeBuildClient(front.client), build?.id ?? '')
  expect(after.buildStatus).toBe('FAULT')
  expect((await new CodeBuildClient(front.client).send(new ListBuildsCommand({}))).ids).toEqual([build?.id])
  expect(readFileSync(marks, 'utf8')).toBe('ran\n')
})
