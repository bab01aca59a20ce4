import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Edge } from '../../schema/contract.ts'
import { contractMaxBytes, PlatformContract } from '../../schema/contract.ts'
import { synthesize } from '../../stacks/synthesize.ts'
import { type FoundProvider, findProvider } from '../../terraform/find-provider.ts'
import { arbitraryText } from '../support/arbitrary-definition.ts'
import { exampleContract, platformInput, serverInput } from '../support/synth-inputs.ts'
import { applyMocked } from '../support/terraform-test.ts'

const file = fileURLToPath(new URL('../../runner/buildspec.yml', import.meta.url))
const made: string[] = []
let provider: FoundProvider

beforeAll(async () => {
  provider = await findProvider({ mirror: process.env.GANTRY_PROVIDER_MIRROR, env: process.env })
})
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
})

/** Every provider serves the older edge; only a newer one has what the newer edge asks for. */
const edges = (): Edge[] => (provider.edge === 'alb' ? ['alb', 'nlb'] : ['nlb'])
const contract = (edge: Edge) => exampleContract(edge, { providerVersion: provider.constraint })

async function apply(input: unknown) {
  const outdir = mkdtempSync(join(tmpdir(), 'gantry-synth-'))
  made.push(outdir)
  return applyMocked((await synthesize(input, outdir)).directory, provider.mirrorDirectory)
}
const types = (resources: { type: string }[]) => resources.map(({ type }) => type)

test.each(['stdio', 'http'])('a shared %s server is accepted by the provider', async (serverType) => {
  const made = types(await apply(serverInput({ serverType, loadBalancer: { mode: 'shared' } }, contract(provider.edge))))
  expect(made).toContain('aws_lb_listener_rule')
  expect(made).not.toContain('aws_lb')
})

test('a dedicated server with everything a definition can say is accepted by a provider that streams, and by no older one', async () => {
  const definition = {
    serverType: 'http',
    image: 'node:22',
    loadBalancer: { mode: 'dedicated' },
    s3Path: 'docs/v1',
    cpu: 1024,
    memoryLimitMiB: 2048,
    autoScalingConfig: { minCapacity: 1, maxCapacity: 3, metricName: 'RequestCountPerTarget', targetValue: 100 },
    taskPolicy: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/${aws:username}/*' }],
    secrets: { TOKEN: { managed: true } },
    stickiness: true,
    tags: { team: 'docs' },
  }
  const resources = await apply(serverInput(definition, contract('alb'))).catch((error: Error) => error)
  if (provider.edge === 'nlb') return expect(String(resources)).toMatch(/integration_target|response_transfer_mode/)
  if (resources instanceof Error) throw resources
  expect(types(resources).filter((type) => type === 'aws_api_gateway_integration')).toHaveLength(4)
  const policy = resources.find(({ address }) => address.startsWith('aws_iam_role_policy.roles_task'))?.values.policy
  expect(JSON.parse(String(policy)).Statement).toContainEqual(definition.taskPolicy[0])
})

test('a custom metric is accepted by the provider', async () => {
  const autoScalingConfig = { minCapacity: 1, maxCapacity: 2, metricName: 'Depth', namespace: 'Docs/Queue', targetValue: 5 }
  const resources = await apply(serverInput({ autoScalingConfig, loadBalancer: { mode: 'shared' } }, contract('nlb')))
  const [policy] = resources.filter(({ type }) => type === 'aws_appautoscaling_policy')
  expect(JSON.stringify(policy?.values)).toContain('"namespace":"Docs/Queue"')
})

test('the platform is accepted by the provider on both edges, and its contract is one that servers can read', async () => {
  for (const edge of edges()) {
    const own = { publicUrl: 'https://mcp.example.com', review: { policies: 'examples/policies' } }
    const resources = await apply(platformInput(edge, file, { providerVersion: provider.constraint, ...own }))
    const value = String(resources.find(({ type }) => type === 'aws_ssm_parameter')?.values.value)
    const rules = { key: String(resources.find(({ type }) => type === 'aws_s3_object')?.values.key) }
    const words = { platform: 'sandbox', edge, publicUrl: own.publicUrl, review: { rules } }
    expect(PlatformContract.parse(JSON.parse(value))).toMatchObject(words)
    expect(Buffer.byteLength(value)).toBeLessThan(contractMaxBytes)
  }
})

test('every word of a definition comes out as it was written, never evaluated', async () => {
  const values = fc.sample(arbitraryText, { numRuns: 80, seed: 7 })
  const environment = Object.fromEntries(
    ['${file("/etc/passwd")}', '%{ if true }x%{ endif }', ...values].map((value, index) => [`V${index}`, value]),
  )
  const startCommand = ['node', ...values]
  const input = serverInput({ environment, startCommand, containerHealthCheckConfig: { command: ['test', ...values] } }, contract('nlb'))
  const task = (await apply(input)).find(({ type }) => type === 'aws_ecs_task_definition')
  const [server] = JSON.parse(String(task?.values.container_definitions))
  const planned = Object.fromEntries(server.environment.map(({ name, value }: { name: string; value: string }) => [name, value]))
  expect(planned).toMatchObject(environment)
  expect(JSON.parse(planned.GANTRY_COMMAND)).toEqual(startCommand)
  expect(server.healthCheck.command).toEqual(['CMD', 'test', ...values])
})
