import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../schema/contract.ts'
import { sessionSecret } from '../../schema/managed-secret.ts'
import { synthesize } from '../../stacks/synthesize.ts'
import type { FoundProvider } from '../../terraform/find-provider.ts'
import { pairwise } from '../support/pairwise.ts'
import { providerGenerations } from '../support/provider-generations.ts'
import { exampleContract, serverInput } from '../support/synth-inputs.ts'
import { type AppliedResource, applyAllMocked } from '../support/terraform-test.ts'

const arn = (rest: string) => `arn:aws:${rest}`
const factors = {
  serverType: ['stdio', 'http', 'sse'],
  mode: ['shared', 'dedicated'],
  edge: ['alb', 'nlb'],
  scaling: ['fixed', 'cpu', 'memory', 'requests', 'custom'],
  secrets: ['none', 'secret', 'parameter', 'managed'],
  health: ['default', 'target', 'container'],
  architecture: ['ARM64', 'X86_64'],
  image: ['platform', 'own'],
  state: ['running', 'stopped', 'expanding'],
}
type Case = Record<keyof typeof factors, string>

const scaling: Record<string, object> = {
  fixed: { minCapacity: 2, maxCapacity: 2 },
  cpu: { minCapacity: 1, maxCapacity: 3 },
  memory: { minCapacity: 1, maxCapacity: 3, metricName: 'MemoryUtilization', targetValue: 70 },
  requests: { minCapacity: 1, maxCapacity: 3, metricName: 'RequestCountPerTarget', targetValue: 100 },
  custom: { minCapacity: 1, maxCapacity: 3, metricName: 'Depth', namespace: 'Docs/Queue', targetValue: 5 },
}
const secrets: Record<string, object> = {
  none: {},
  secret: { TOKEN: { arn: arn('secretsmanager:eu-west-1:123456789012:secret:team/token-AbCdEf'), jsonKey: 'key' } },
  parameter: { TOKEN: { arn: arn('ssm:eu-west-1:123456789012:parameter/team/token') } },
  managed: { TOKEN: { managed: true } },
}
const health: Record<string, object> = {
  default: {},
  target: { loadBalancerConfig: { healthCheckConfig: { path: '/ready', interval: 30, timeout: 7, healthyThresholdCount: 4 } } },
  container: { containerHealthCheckConfig: { command: 'curl -f localhost:8080/healthz', startPeriod: 20, retries: 4 } },
}

/** What no platform accepts: an edge without dedicated load balancers. */
const possible = ({ edge, mode, state }: Case): boolean => edge !== 'nlb' || (mode === 'shared' && state !== 'expanding')

const definitionOf = (the: Case): Record<string, unknown> => ({
  serverType: the.serverType,
  startCommand: ['node', 'server.js'],
  architecture: the.architecture,
  loadBalancer: { mode: the.mode },
  autoScalingConfig: scaling[the.scaling],
  secrets: secrets[the.secrets],
  ...health[the.health],
  ...(the.image === 'own' ? { image: 'node:22' } : {}),
})

const generations = await providerGenerations()
const home = mkdtempSync(join(tmpdir(), 'gantry-synth-'))
afterAll(() => rmSync(home, { recursive: true }))

function casesOf(provider: FoundProvider): Case[] {
  const edge = provider.edge === 'alb' ? factors.edge : ['nlb']
  return pairwise<Case>({ ...factors, edge }, possible)
}

async function synthesized(the: Case, provider: FoundProvider, index: number): Promise<string> {
  const contract = exampleContract(the.edge as Edge, { providerVersion: provider.constraint })
  const other = the.mode === 'shared' ? ('dedicated' as const) : ('shared' as const)
  const more = { enabled: the.state !== 'stopped', ...(the.state === 'expanding' ? { keepMode: other } : {}) }
  const outdir = join(home, `${provider.version}-${index}`)
  return (await synthesize(serverInput(definitionOf(the), contract, more), outdir)).directory
}

describe.each(generations)('every pair of choices, with AWS provider $version', (provider) => {
  const cases = casesOf(provider)
  let applied: Map<string, AppliedResource[]>
  beforeAll(async () => {
    const named = cases.map(async (the, index) => [`case${index}`, await synthesized(the, provider, index)] as const)
    const stacks = Object.fromEntries(await Promise.all(named))
    applied = await applyAllMocked(stacks, provider.mirrorDirectory, provider.constraint)
  })

  test.each(cases.map((the, index) => ({ index, ...the })))(
    '$serverType $mode $edge $scaling $secrets $health $architecture $image $state',
    ({ index, ...the }) => expectWhatMatters(the, applied.get(`case${index}`) ?? []),
  )
})

function expectWhatMatters(the: Case, resources: AppliedResource[]): void {
  const all = (type: string) => resources.filter((resource) => resource.type === type).map(({ values }) => values)
  const [service = {}] = all('aws_ecs_service')
  const [task = {}] = all('aws_ecs_task_definition')
  const containers = JSON.parse(String(task.container_definitions)) as Record<string, unknown>[]
  const server = containers.find(({ name }) => name === 'server') ?? {}
  const hasDedicated = the.mode === 'dedicated' || the.state === 'expanding'

  expect(all('aws_lb')).toHaveLength(hasDedicated ? 1 : 0)
  expect(all('aws_lb_listener_rule')).toHaveLength(the.mode === 'shared' || the.state === 'expanding' ? 1 : 0)
  expect(all('aws_api_gateway_integration')).toHaveLength(the.mode === 'dedicated' ? 4 : 0)
  expect(all('aws_lb_target_group')).toHaveLength(the.state === 'expanding' ? 2 : 1)
  const exposed = the.serverType === 'stdio' ? 'server' : 'bridge'
  expect(service.load_balancer).toContainEqual(expect.objectContaining({ container_name: exposed, container_port: 8080 }))

  const least = the.scaling === 'fixed' ? 2 : 1
  expect(service.desired_count).toBe(the.state === 'stopped' ? 0 : least)
  expect(all('aws_appautoscaling_target')).toHaveLength(the.state === 'stopped' ? 0 : 1)
  expect(all('aws_appautoscaling_policy')).toHaveLength(the.state === 'stopped' || the.scaling === 'fixed' ? 0 : 1)

  expect(task.runtime_platform).toEqual([expect.objectContaining({ cpu_architecture: the.architecture })])
  expect(containers.map(({ name }) => name)).toEqual(expect.arrayContaining(the.serverType === 'stdio' ? ['server'] : ['server', 'bridge']))
  if (the.image === 'own') expect(server.image).toBe('node:22')
  expect(bindingsOf(containers, exposed)).toContain(sessionSecret)
  expectSecret(the, server, all('aws_iam_role_policy'))

  for (const group of all('aws_lb_target_group')) {
    const check =
      the.health === 'target' ? { path: '/ready', interval: 30, timeout: 7, healthy_threshold: 4 } : { path: '/health', interval: 15 }
    expect(group.health_check).toEqual([expect.objectContaining(check)])
  }
  const expected = { command: ['CMD-SHELL', 'curl -f localhost:8080/healthz'], startPeriod: 20, retries: 4 }
  if (the.health === 'container') expect(server.healthCheck).toEqual(expected)
  else expect(server).not.toHaveProperty('healthCheck')
}

type Binding = { name: string; valueFrom: string }

const bindingsOf = (containers: readonly Record<string, unknown>[], container: string): string[] =>
  containers.filter(({ name }) => name === container).flatMap(({ secrets = [] }) => (secrets as Binding[]).map(({ name }) => name))

function expectSecret(the: Case, server: Record<string, unknown>, policies: Record<string, unknown>[]): void {
  const bound = ((server.secrets ?? []) as Binding[]).filter(({ name }) => name !== sessionSecret)
  if (the.secrets === 'none') return void expect(bound).toEqual([])
  expect(bound).toEqual([{ name: 'TOKEN', valueFrom: expect.stringMatching(/^arn:aws:(?:secretsmanager|ssm):/) }])
  const action = the.secrets === 'parameter' ? 'ssm:GetParameters' : 'secretsmanager:GetSecretValue'
  expect(policies.map(({ policy }) => String(policy)).join()).toContain(action)
}
