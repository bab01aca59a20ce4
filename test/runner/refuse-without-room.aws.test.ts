import { CreateResourceCommand } from '@aws-sdk/client-api-gateway'
import { CreateRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { mostRestResources, mostRules } from '../../aws/edge-room.ts'
import { refuseWithoutRoom } from '../../runner/steps/refuse-without-room.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
})
afterAll(() => platform.programs.remove())

const shared = [{ action: 'create' as const, type: 'aws_lb_listener_rule' }]
const dedicated = ['mcp', 'proxy'].map(() => ({ action: 'create' as const, type: 'aws_api_gateway_resource' }))

test('a shared server beyond the rules of a load balancer is refused before anything is applied, and a dedicated one is not', async () => {
  const { loadBalancing } = platform.clients
  const { listenerArn: ListenerArn } = platform.contract.sharedAlb
  const Actions = [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200' } }]
  const addRule = (Priority: number) => {
    const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: [`/mcp/s${Priority}`] } }]
    return loadBalancing.send(new CreateRuleCommand({ ListenerArn, Priority, Conditions, Actions }))
  }
  for (let rule = 1; rule < mostRules; rule += 1) await addRule(rule)
  await expect(refuseWithoutRoom(platform, shared)).resolves.toBeUndefined()
  await addRule(mostRules)
  const error = { code: 'NO_ROOM', message: expect.stringMatching(/has 100 rules.*Nothing was applied.*dedicated/) }
  await expect(refuseWithoutRoom(platform, shared)).rejects.toMatchObject({ error })
  await expect(refuseWithoutRoom(platform, dedicated)).resolves.toBeUndefined()
})

test('a dedicated server beyond the resources of a REST API is refused', async () => {
  const { id: restApiId, mcpResourceId: parentId } = platform.contract.api
  // The root and /mcp are there already.
  for (let made = 2; made < mostRestResources - 2; made += 1)
    await platform.clients.apiGateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: `s${made}` }))
  await expect(refuseWithoutRoom(platform, dedicated)).resolves.toBeUndefined()
  await platform.clients.apiGateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: 'last' }))
  await expect(refuseWithoutRoom(platform, dedicated)).rejects.toMatchObject({ error: { code: 'NO_ROOM' } })
})
