import { App, Testing } from 'cdktf'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serverId } from '../../schema/names.ts'
import type { ServerSynthInput } from '../../schema/synth-input.ts'
import { ServerStack } from '../../stacks/server-stack.ts'
import { arbitraryDefinition } from '../support/arbitrary-definition.ts'
import { exampleContract, serverInput } from '../support/synth-inputs.ts'

function synth(input: ServerSynthInput) {
  const stack = new ServerStack(Testing.stubVersion(new App({ stackTraces: false })), 'server', input)
  const text = Testing.synth(stack, true)
  return { text, json: JSON.parse(text), variables: stack.variables }
}
const one = (resources: object | undefined) => Object.values(resources ?? {})[0]
const dedicated = { loadBalancer: { mode: 'dedicated' } }

test('a shared server is a rule on the platform’s listener and no load balancer', () => {
  expect(synth(serverInput()).text).toMatchSnapshot()
})

test('a dedicated server has a load balancer and API resources of its own', () => {
  expect(synth(serverInput({ ...dedicated, serverType: 'http' })).text).toMatchSnapshot()
})

test('a rule matches the server’s paths, with and without the stage, and has no priority', () => {
  const rule = one(synth(serverInput()).json.resource.aws_lb_listener_rule)
  expect(rule.condition).toEqual([
    { path_pattern: { values: ['/mcp/docsmcp', '/mcp/docsmcp/*', '/live/mcp/docsmcp', '/live/mcp/docsmcp/*'] } },
  ])
  expect(rule).not.toHaveProperty('priority')
})

test('Terraform does not wait for the service, and autoscaling owns its count', () => {
  const { resource } = synth(serverInput({ autoScalingConfig: { minCapacity: 2, maxCapacity: 5 } })).json
  expect(one(resource.aws_ecs_service)).toMatchObject({
    desired_count: 2,
    wait_for_steady_state: false,
    deployment_circuit_breaker: { enable: true, rollback: true },
    lifecycle: { ignore_changes: ['desired_count'] },
  })
  expect(one(resource.aws_appautoscaling_target)).toMatchObject({ min_capacity: 2, max_capacity: 5 })
  expect(Object.keys(resource.aws_appautoscaling_policy)).toHaveLength(1)
})

test('a server of one task is a scalable target too, without a policy', () => {
  const { resource } = synth(serverInput()).json
  expect(one(resource.aws_appautoscaling_target)).toMatchObject({ min_capacity: 1, max_capacity: 1 })
  expect(resource).not.toHaveProperty('aws_appautoscaling_policy')
})

test('no definition replaces a target group, and one that must be replaced gets another name', () => {
  const name = (definition: object, contract = exampleContract()) =>
    one(synth(serverInput({ serverType: 'http', ...definition }, contract)).json.resource.aws_lb_target_group).name
  expect(name({ port: 8080 })).toBe(name({ port: 8000 }))
  const { network } = exampleContract()
  expect(name({}, exampleContract('alb', { network: { ...network, vpcId: 'vpc-0b2' } }))).not.toBe(name({}))
})

test('a stopped server keeps everything but its tasks, and its limits are there again when it starts', () => {
  const scaling = { autoScalingConfig: { minCapacity: 2, maxCapacity: 5 } }
  const running = synth(serverInput(scaling)).json.resource
  const { aws_ecs_service: stopped, ...rest } = synth(serverInput(scaling, exampleContract(), { enabled: false })).json.resource
  expect(one(stopped)).toMatchObject({ desired_count: 0 })
  expect(one(stopped)).not.toHaveProperty('lifecycle')
  const { aws_ecs_service: _service, aws_appautoscaling_target, aws_appautoscaling_policy, ...kept } = running
  expect(rest).toEqual(kept)
  const starting = synth(serverInput(scaling, exampleContract(), { desiredCount: 2 })).json.resource
  expect(one(starting.aws_ecs_service)).toMatchObject({ desired_count: 2 })
  expect(one(starting.aws_ecs_service)).not.toHaveProperty('lifecycle')
  expect(starting).toMatchObject({ aws_appautoscaling_target, aws_appautoscaling_policy })
})

describe('a change of load balancer mode', () => {
  const resources = (mode: string, keepMode?: 'shared' | 'dedicated') => {
    const { json } = synth(serverInput({ loadBalancer: { mode } }, exampleContract(), keepMode ? { keepMode } : {}))
    const names = Object.entries<object>(json.resource).flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`))
    return { names: new Set(names), service: one(json.resource.aws_ecs_service) }
  }

  test.each([
    ['shared', 'dedicated'],
    ['dedicated', 'shared'],
  ] as const)('from %s to %s keeps the old load balancer and its targets beside the new, under the same addresses', (from, to) => {
    const both = resources(to, from)
    const [old, now] = [resources(from), resources(to)]
    const routes = (name: string) => name.startsWith('aws_api_gateway_')
    expect(both.names).toEqual(new Set([...[...old.names].filter((name) => !routes(name)), ...now.names]))
    expect(both.service.load_balancer).toHaveLength(2)
    expect(both.service.load_balancer).toEqual(expect.arrayContaining([...old.service.load_balancer, ...now.service.load_balancer]))
  })

  test('to shared takes the routes away first: calls then take the greedy one', () => {
    expect([...resources('shared', 'dedicated').names].filter((name) => name.startsWith('aws_api_gateway_'))).toEqual([])
  })
})

test('tasks admit their load balancer and one another on the ports of the bridge, and nobody else', () => {
  const { resource } = synth(serverInput()).json
  const own = `\${aws_security_group.${Object.keys(resource.aws_security_group)[0]}.id}`
  const ports = { from_port: 8080, to_port: 8081 }
  const peers = expect.objectContaining({ security_group_id: own, referenced_security_group_id: own, ...ports })
  expect(Object.values(resource.aws_vpc_security_group_ingress_rule)).toEqual([
    expect.objectContaining({ referenced_security_group_id: 'sg-0shared', ...ports }),
    peers,
  ])
  expect(Object.values(resource.aws_vpc_security_group_egress_rule)).toEqual([peers])
})

test('what session ids are sealed with is drawn while it is made, goes with its server, and is there before a task', () => {
  const { json, text } = synth(serverInput())
  expect(json.ephemeral.aws_secretsmanager_random_password.session_secret).toMatchObject({ password_length: 64 })
  expect(one(json.resource.aws_secretsmanager_secret)).toMatchObject({
    name: 'gantry/sandbox/docsmcp/01jd0000000000000000000000/GANTRY_SESSION_SECRET',
    kms_key_id: exampleContract().kmsKeyArn,
    recovery_window_in_days: 0,
  })
  expect(one(json.resource.aws_secretsmanager_secret_version)).toMatchObject({
    secret_string_wo: '${ephemeral.aws_secretsmanager_random_password.session_secret.random_password}',
    secret_string_wo_version: 1,
  })
  expect(text).not.toContain('"secret_string"')
  const version = `aws_secretsmanager_secret_version.${Object.keys(json.resource.aws_secretsmanager_secret_version)[0]}`
  expect(one(json.resource.aws_ecs_service).depends_on).toContain(version)
})

test('a dedicated load balancer admits the VPC link and sends to tasks alone', () => {
  const { resource } = synth(serverInput(dedicated)).json
  expect(Object.values(resource.aws_vpc_security_group_ingress_rule)).toContainEqual(
    expect.objectContaining({ referenced_security_group_id: 'sg-0link', from_port: 80 }),
  )
  const out = Object.values<{ security_group_id: string; referenced_security_group_id: string }>(
    resource.aws_vpc_security_group_egress_rule,
  )
  expect(out.filter((rule) => rule.referenced_security_group_id !== rule.security_group_id)).toEqual([
    expect.objectContaining({ referenced_security_group_id: 'sg-0tasks' }),
  ])
})

test('dedicated routes stream straight to the load balancer, with the caller signed in a header', () => {
  const { resource } = synth(serverInput(dedicated)).json
  const proxies = Object.values<{ type: string }>(resource.aws_api_gateway_integration).filter(({ type }) => type === 'HTTP_PROXY')
  expect(proxies).toHaveLength(2)
  for (const proxy of proxies) {
    expect(proxy).toMatchObject({
      response_transfer_mode: 'STREAM',
      timeout_milliseconds: 900_000,
      request_parameters: {
        'integration.request.header.X-Gantry-Identity': 'context.authorizer.identity',
        'integration.request.header.Authorization': 'context.authorizer.forwardAuthorization',
      },
    })
  }
})

test('roles the definition names are used as they are, and none is made', () => {
  const taskRoleArn = 'arn:aws:iam::123456789012:role/gantry/sandbox/mine'
  const { json, variables } = synth(serverInput({ taskRoleArn, taskExecutionRoleArn: taskRoleArn }))
  expect(json.resource).not.toHaveProperty('aws_iam_role')
  expect(variables).toMatchObject({ task_role_arn: taskRoleArn, execution_role_arn: taskRoleArn })
})

test('state is locked by Terraform itself, under a key of this life of the server', () => {
  const { backend } = synth(serverInput()).json.terraform
  expect(backend.s3).toMatchObject({
    key: 'servers/docsmcp/01jd0000000000000000000000/terraform.tfstate',
    use_lockfile: true,
    encrypt: true,
  })
})

test('on edge nlb every server is shared', () => {
  const contract = exampleContract('nlb', { defaults: { loadBalancer: 'dedicated', review: 'auto', logRetentionDays: 7 } })
  expect(synth(serverInput({}, contract)).json.resource).not.toHaveProperty('aws_lb')
})

test('a given set of definitions that the schema accepts synthesizes, and no word of theirs is in the stack', () => {
  fc.assert(
    fc.property(arbitraryDefinition, fc.constantFrom('alb' as const, 'nlb' as const), (definition, edge) => {
      const { json, text } = synth({ ...serverInput({}, exampleContract(edge)), definition })
      expect(Object.keys(json.resource.aws_ecs_service)).toHaveLength(1)
      const blank = { ...wordless(definition), name: serverId(definition.name) }
      expect(text).toBe(synth({ ...serverInput({}, exampleContract(edge)), definition: blank }).text)
    }),
    { numRuns: 40 },
  )
}, 60_000)

/** The same definition with other words wherever it has words of its own. */
function wordless(definition: ServerSynthInput['definition']): ServerSynthInput['definition'] {
  const { description: _description, startCommand, environment, secrets, taskPolicy, containerHealthCheckConfig, ...rest } = definition
  return {
    ...rest,
    startCommand: startCommand === undefined ? undefined : 'x',
    environment: Object.keys(environment).length > 0 ? { OTHER: 'x' } : {},
    secrets: Object.keys(secrets).length > 0 ? { OTHER: { managed: true } } : {},
    taskPolicy: taskPolicy?.map(() => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/*' })),
    containerHealthCheckConfig: containerHealthCheckConfig && { command: 'x' },
    tags: { other: 'x' },
  }
}
