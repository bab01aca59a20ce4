import { App, Testing } from 'cdktf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
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

test('a target group that would be replaced gets another name, so that it can come before the old one goes', () => {
  const name = (definition: object) => one(synth(serverInput({ serverType: 'http', ...definition })).json.resource.aws_lb_target_group).name
  expect(name({ port: 8080 })).not.toBe(name({ port: 8000 }))
  expect(name({ port: 8000 })).toBe(name({ port: 9000 }))
})

test('tasks admit their load balancer and nobody else', () => {
  const { resource } = synth(serverInput()).json
  expect(Object.values(resource.aws_vpc_security_group_ingress_rule)).toEqual([
    expect.objectContaining({ referenced_security_group_id: 'sg-0shared', from_port: 8080, to_port: 8080 }),
  ])
  expect(resource).not.toHaveProperty('aws_vpc_security_group_egress_rule')
})

test('a dedicated load balancer admits the VPC link and sends to tasks alone', () => {
  const { resource } = synth(serverInput(dedicated)).json
  expect(Object.values(resource.aws_vpc_security_group_ingress_rule)).toContainEqual(
    expect.objectContaining({ referenced_security_group_id: 'sg-0link', from_port: 80 }),
  )
  expect(Object.values(resource.aws_vpc_security_group_egress_rule)).toEqual([
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
})

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
