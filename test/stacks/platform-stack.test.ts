import { fileURLToPath } from 'node:url'
import { App, Testing } from 'cdktf'
import { expect, test } from 'vitest'
import { tableDefinition } from '../../schema/table.ts'
import { PlatformStack, type PlatformStackProps } from '../../stacks/platform-stack.ts'
import { platformInput } from '../support/synth-inputs.ts'

const buildspec = fileURLToPath(new URL('../../runner/buildspec.yml', import.meta.url))
const zip = { path: 'x.zip', sha256: 'x' }

function synth(edge: 'alb' | 'nlb' = 'alb', changes: Record<string, unknown> = {}, rules?: PlatformStackProps['rules']) {
  const app = Testing.stubVersion(new App({ stackTraces: false }))
  const zips = { api: zip, authorizer: zip, reconciler: zip }
  const stack = new PlatformStack(app, 'platform', { input: platformInput(edge, buildspec, changes), zips, ...(rules ? { rules } : {}) })
  const text = Testing.synth(stack, true)
  return { text, json: JSON.parse(text), resource: JSON.parse(text).resource, variables: stack.variables }
}
const all = (resources: object | undefined) => Object.values(resources ?? {})
const named = (resources: object | undefined, part: string) => Object.entries(resources ?? {}).find(([id]) => id.startsWith(part))?.[1]

test.each(['alb', 'nlb'] as const)('the platform with edge %s', (edge) => {
  expect(synth(edge).text).toMatchSnapshot()
})

test('a call without a token comes to the authorizer, whose answer is never reused', () => {
  expect(all(synth().resource.aws_api_gateway_authorizer)).toEqual([
    expect.objectContaining({ type: 'REQUEST', identity_source: '', authorizer_result_ttl_in_seconds: 0 }),
  ])
})

test('a 401 carries the static challenge that clients look for', () => {
  const response = named(synth().resource.aws_api_gateway_gateway_response, 'api_responses_unauthorized')
  expect(response).toMatchObject({ status_code: '401', response_parameters: { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" } })
})

test('every route to servers is authorized, and OPTIONS never is', () => {
  const methods = all(synth().resource.aws_api_gateway_method)
  const by = (authorization: string) => methods.filter((method) => method.authorization === authorization)
  expect(by('CUSTOM').map((method) => method.http_method)).toEqual(['ANY', 'ANY'])
  expect(methods.filter((method) => method.http_method === 'OPTIONS')).toHaveLength(4)
  expect(methods.filter((method) => method.http_method === 'OPTIONS' && method.authorization !== 'NONE')).toEqual([])
})

test('edge alb streams through VPC link v2 to the load balancer itself', () => {
  const route = named(synth('alb').resource.aws_api_gateway_integration, 'api_below-server-route_integration')
  expect(route).toMatchObject({ response_transfer_mode: 'STREAM', timeout_milliseconds: 900_000, connection_type: 'VPC_LINK' })
  expect(route.uri).toMatch(/\/mcp\/\{id\}\/\{proxy\}$/)
  expect(route.integration_target).toContain('aws_lb.edge_shared_alb')
})

test('edge nlb asks for nothing that provider 5.100 does not know', () => {
  const { resource, text } = synth('nlb')
  const route = named(resource.aws_api_gateway_integration, 'api_below-server-route_integration')
  expect(route.timeout_milliseconds).toBe(29_000)
  expect(text).not.toMatch(/response_transfer_mode|integration_target|aws_apigatewayv2_vpc_link/)
})

test('the NLB asks the ALB for its health on a path of its own', () => {
  const { resource } = synth('nlb')
  expect(named(resource.aws_lb_target_group, 'edge_nlb-link')).toMatchObject({ target_type: 'alb', health_check: { path: '/-/alb' } })
  expect(named(resource.aws_lb_listener_rule, 'edge_nlb-link')).toMatchObject({
    condition: [{ path_pattern: { values: ['/-/alb'] } }],
    action: [{ type: 'fixed-response', fixed_response: { status_code: '200' } }],
  })
})

test('the stage belongs to publishing once it exists', () => {
  const { resource } = synth()
  expect(all(resource.aws_api_gateway_stage)[0].lifecycle).toEqual({ ignore_changes: ['deployment_id'] })
  expect(all(resource.aws_api_gateway_deployment)).toEqual([expect.not.objectContaining({ triggers: expect.anything() })])
})

test('the bootstrap deployment waits for every integration, so that no method is without one', () => {
  const { resource } = synth()
  const waits = all(resource.aws_api_gateway_deployment)[0].depends_on.join()
  for (const id of Object.keys(resource.aws_api_gateway_integration)) {
    if (!id.includes('_options_')) expect(waits).toContain(`aws_api_gateway_integration.${id}`)
  }
  for (const id of Object.keys(resource.aws_api_gateway_integration_response)) expect(waits).toContain(id)
})

test('load balancers admit the edge alone and send to tasks alone', () => {
  const { resource } = synth()
  const ingress = all(resource.aws_vpc_security_group_ingress_rule)
  expect(ingress.map((rule) => rule.referenced_security_group_id)).toEqual([expect.stringContaining('edge_vpc-link_group')])
  const egress = named(resource.aws_vpc_security_group_egress_rule, 'edge_shared_group')
  expect(egress.referenced_security_group_id).toContain('network_tasks')
})

test('buckets are versioned, encrypted, private and TLS only, and old versions go', () => {
  const { resource } = synth()
  for (const type of ['versioning', 'public_access_block', 'server_side_encryption_configuration', 'policy', 'lifecycle_configuration']) {
    expect(all(resource[`aws_s3_bucket_${type}`])).toHaveLength(2)
  }
  const state = named(resource.aws_s3_bucket_lifecycle_configuration, 'storage_state')
  expect(JSON.stringify(state.rule)).toContain('"noncurrent_days":30')
  expect(state.rule).toContainEqual(expect.objectContaining({ filter: [{ prefix: 'runs/' }], expiration: [{ days: 90 }] }))
})

test('the table is made as the store reads it', () => {
  const [table] = all(synth().resource.aws_dynamodb_table)
  expect(table).toMatchObject({
    name: 'gantry-sandbox',
    hash_key: 'pk',
    range_key: 'sk',
    ttl: { attribute_name: tableDefinition.timeToLiveAttribute },
  })
  expect(table.global_secondary_index.map((index: { name: string }) => index.name)).toEqual(tableDefinition.indexes.map(({ name }) => name))
})

test('builds get the fixed buildspec and platform environment, and no source', () => {
  const { resource, variables } = synth()
  const [project] = all(resource.aws_codebuild_project)
  expect(project.source).toEqual({ type: 'NO_SOURCE', buildspec: '${var.buildspec}' })
  expect(variables.buildspec).toContain('gantry-run')
  expect(project.environment.environment_variable.map(({ name }: { name: string }) => name)).toEqual(['GANTRY_PLATFORM', 'GANTRY_TABLE'])
})

test('the reconciler hears of every build that changes state and of every decision, and looks by itself every minute', () => {
  const rules = all(synth().resource.aws_cloudwatch_event_rule)
  expect(rules.map((rule) => rule.schedule_expression ?? JSON.parse(rule.event_pattern).source[0])).toEqual([
    'aws.codebuild',
    'gantry.sandbox',
    'rate(1 minute)',
  ])
})

test('without egress tasks reach AWS through endpoints, and nothing else', () => {
  const { resource } = synth('alb', { egress: 'none' })
  expect(resource).not.toHaveProperty('aws_nat_gateway')
  expect(all(resource.aws_vpc_endpoint)).toHaveLength(6)
  expect(all(resource.aws_vpc_security_group_egress_rule).filter((rule) => rule.security_group_id.includes('network_tasks'))).toEqual([
    expect.objectContaining({ to_port: 443 }),
    expect.objectContaining({ to_port: 443 }),
  ])
})

test('a given network is used as it is', () => {
  const network = { type: 'given', vpcId: 'vpc-1', cidr: '10.0.0.0/16', subnetIds: ['subnet-1', 'subnet-2'] }
  const { resource } = synth('alb', { network })
  expect(resource).not.toHaveProperty('aws_vpc')
  expect(all(resource.aws_lb)[0].subnets).toEqual(['subnet-1', 'subnet-2'])
})

test('roles fit AWS: an inline policy has at most 10,240 characters', () => {
  for (const policy of all(synth().resource.aws_iam_role_policy)) expect(policy.policy.length).toBeLessThanOrEqual(10_240)
})

test('data is kept by default: the table cannot be deleted, and buckets not while they hold anything', () => {
  const { resource } = synth('alb', { removal: 'retain' })
  expect(all(resource.aws_dynamodb_table)[0].deletion_protection_enabled).toBe(true)
  expect(all(resource.aws_s3_bucket).map((bucket) => bucket.force_destroy)).toEqual([false, false])
})

test('state can live in a bucket, locked by Terraform itself', () => {
  const { json } = synth('alb', { state: { type: 's3', bucket: 'platform-state', key: 'gantry/terraform.tfstate' } })
  expect(json.terraform.backend.s3).toMatchObject({ bucket: 'platform-state', use_lockfile: true })
})

test('a role that the account has already given to API Gateway is left alone', () => {
  expect(synth('alb', { apiGatewayLogRole: 'given' }).resource).not.toHaveProperty('aws_api_gateway_account')
})

const rules = { path: 'rules.json', sha256: 'f00d' }

test('rules are an object in the state bucket, read from a file, and the new one is there before the old one goes', () => {
  expect(all(synth('alb', {}, rules).resource.aws_s3_object)).toEqual([
    expect.objectContaining({
      bucket: expect.stringContaining('storage_state'),
      key: 'rules/f00d.json',
      source: 'rules.json',
      lifecycle: { create_before_destroy: true },
    }),
  ])
})

test('the contract names the rules by the object’s own key and by their hash, so that other rules are another contract', () => {
  const { value } = named(synth('alb', {}, rules).resource.aws_ssm_parameter, 'contract')
  expect(value).toMatch(/"rules" = \{"key" = aws_s3_object\.\w+\.key, "sha256" = "f00d"\}/)
})

test('a platform without rules has no such object', () => {
  expect(synth().resource).not.toHaveProperty('aws_s3_object')
})
