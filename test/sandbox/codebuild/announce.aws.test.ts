import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readBody } from '../../../sandbox/front/read-body.ts'
import { createProject } from '../../support/create-project.ts'
import { removeFront, startFront } from '../../support/start-front.ts'

const reconciler = 'arn:aws:lambda:us-east-1:123456789012:function:gantry-test-reconciler'

test("the platform's own rule brings each status of a build to the hook", async () => {
  const deliveries: { target: string; event: { detail: Record<string, unknown> } }[] = []
  const hook = createServer(async (request, response) => {
    deliveries.push(JSON.parse((await readBody(request)).toString()))
    response.end()
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void hook.close())
  const eventHook = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/events`
  const front = await startFront({ eventHook })
  onTestFinished(() => removeFront(front))

  const events = new EventBridgeClient(front.client)
  const EventPattern = JSON.stringify({
    source: ['aws.codebuild'],
    'detail-type': ['CodeBuild Build State Change'],
    detail: { 'project-name': ['told'] },
  })
  await events.send(new PutRuleCommand({ Name: 'builds', EventPattern }))
  await events.send(new PutTargetsCommand({ Rule: 'builds', Targets: [{ Id: 'reconciler', Arn: reconciler }] }))
  const client = new CodeBuildClient(front.client)
  await createProject(client, 'told', 'version: 0.2\nphases:\n  build:\n    commands: ["true"]\n')
  await createProject(client, 'untold', 'version: 0.2\nphases:\n  build:\n    commands: ["true"]\n')
  await client.send(new StartBuildCommand({ projectName: 'untold' }))
  const { build } = await client.send(new StartBuildCommand({ projectName: 'told' }))

  await vi.waitUntil(() => deliveries.length === 2, { timeout: 10_000 })
  expect(deliveries.map(({ target }) => target)).toEqual([reconciler, reconciler])
  expect(deliveries.map(({ event }) => event.detail['build-status']).sort()).toEqual(['IN_PROGRESS', 'SUCCEEDED'])
  expect(deliveries[0]?.event.detail['build-id']).toBe(build?.arn)
})
