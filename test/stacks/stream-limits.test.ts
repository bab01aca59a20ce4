import { fileURLToPath } from 'node:url'
import { App, Testing } from 'cdktf'
import { expect, test } from 'vitest'
import { defaultLimits } from '../../bridge/limits.ts'
import { limits as apiGateway } from '../../sandbox/gateway/proxy-http.ts'
import { PlatformStack } from '../../stacks/platform-stack.ts'
import { ServerStack } from '../../stacks/server-stack.ts'
import { startBridge } from '../bridge/support/start-bridge.ts'
import { platformInput, serverInput } from '../support/synth-inputs.ts'

const { keepAliveSeconds } = defaultLimits()
const newApp = () => Testing.stubVersion(new App({ stackTraces: false }))

function platform(): PlatformStack {
  const zip = { path: 'x.zip', sha256: 'x' }
  const buildspec = fileURLToPath(new URL('../../runner/buildspec.yml', import.meta.url))
  return new PlatformStack(newApp(), 'platform', {
    input: platformInput('alb', buildspec),
    zips: { api: zip, authorizer: zip, reconciler: zip },
  })
}

const server = (changes: object) => new ServerStack(newApp(), 'server', serverInput({ loadBalancer: { mode: 'dedicated' }, ...changes }))

const idleTimeout = (stack: PlatformStack | ServerStack): number => {
  const [balancer] = Object.values<{ idle_timeout: number }>(JSON.parse(Testing.synth(stack)).resource.aws_lb)
  return balancer?.idle_timeout ?? 0
}

test.each([
  ['the platform’s load balancer', platform],
  ['a server’s own', () => server({})],
  ['a server’s own with the least that a definition may ask for', () => server({ idleTimeoutSeconds: 30 })],
])('%s waits for two keep-alives, and gives an idle connection up before the bridge does', async (_, stack) => {
  const idleSeconds = idleTimeout(stack())
  expect(idleSeconds).toBeGreaterThanOrEqual(2 * keepAliveSeconds)
  const { origin } = await startBridge()
  const [, keptSeconds] = /timeout=(\d+)/.exec((await fetch(`${origin}/health`)).headers.get('keep-alive') ?? '') ?? []
  expect(Number(keptSeconds)).toBeGreaterThan(idleSeconds)
})

test('keep-alives come often enough for API Gateway', () => {
  expect(2 * keepAliveSeconds * 1000).toBeLessThan(apiGateway.idleMs)
})
