import { App, Testing } from 'cdktf'
import { expect, test } from 'vitest'
import type { Container } from '../../modules/containers.ts'
import { Definition } from '../../schema/definition.ts'
import { ServerStack } from '../../stacks/server-stack.ts'
import { serverInput } from '../support/synth-inputs.ts'

type Resource = Record<string, unknown>

/** What Terraform reads: the one resource of a type in cdk.tf.json, or a value of server.auto.tfvars.json. */
interface Synthesized {
  one(type: string): Resource
  container(name?: string): Container | undefined
  variables: Record<string, unknown>
}

function synth(definition: object): Synthesized {
  const stack = new ServerStack(Testing.stubVersion(new App({ stackTraces: false })), 'server', serverInput({ ...definition }))
  const { resource } = JSON.parse(Testing.synth(stack, true)) as { resource: Record<string, Record<string, Resource>> }
  return {
    one: (type) => Object.values(resource[type] ?? {})[0] ?? {},
    container: (name = 'server') => (stack.variables.containers as Container[]).find((container) => container.name === name),
    variables: stack.variables,
  }
}

interface Effect {
  /** As a caller sends it; the rest is the least a server needs. */
  readonly sent: Record<string, unknown>
  readonly seen: (made: Synthesized) => unknown
  readonly becomes: unknown
}

const variable = (container: Container | undefined, name: string) => container?.environment.find((one) => one.name === name)?.value
const role = 'arn:aws:iam::123456789012:role/gantry/sandbox/mine'
const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/token-AbCdEf'
const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::docs/*' }
const policyOf = (value: unknown) => (value as { Statement: object[] } | undefined)?.Statement
const http = { serverType: 'http' }

const effects: Record<string, Effect[]> = {
  name: [{ sent: { name: 'My Docs!' }, seen: (made) => made.one('aws_ecs_service').name, becomes: 'sandbox-mydocs' }],
  serverType: [
    { sent: http, seen: (made) => variable(made.container('bridge'), 'GANTRY_SERVER_TYPE'), becomes: 'http' },
    { sent: { serverType: 'sse' }, seen: (made) => variable(made.container('bridge'), 'GANTRY_MCP_PATH'), becomes: '/sse' },
  ],
  startCommand: [
    {
      sent: { startCommand: 'npx docs' },
      seen: (made) => variable(made.container(), 'GANTRY_COMMAND'),
      becomes: '["/bin/sh","-c","npx docs"]',
    },
    { sent: { ...http, startCommand: ['a', 'b c'] }, seen: (made) => made.container()?.command, becomes: ['a', 'b c'] },
  ],
  image: [{ sent: { image: 'node:22' }, seen: (made) => made.container()?.image, becomes: 'node:22' }],
  s3Path: [
    {
      sent: { s3Path: 'servers/docs/' },
      seen: (made) => JSON.stringify(made.container('init')),
      becomes: expect.stringContaining('s3://gantry-sandbox-artifacts-123456789012-eu-west-1/servers/docs'),
    },
    {
      sent: { s3Path: 'servers/docs/' },
      seen: (made) => policyOf(made.variables.task_policy),
      becomes: expect.arrayContaining([
        expect.objectContaining({ Resource: ['arn:aws:s3:::gantry-sandbox-artifacts-123456789012-eu-west-1/servers/docs/*'] }),
      ]),
    },
  ],
  port: [
    { sent: { ...http, port: 9000 }, seen: (made) => variable(made.container(), 'PORT'), becomes: '9000' },
    {
      sent: { ...http, port: 8080 },
      seen: (made) => made.one('aws_ecs_service').load_balancer,
      becomes: [expect.objectContaining({ container_name: 'bridge', container_port: 8081 })],
    },
  ],
  mcpPath: [
    { sent: { ...http, mcpPath: '/api/mcp' }, seen: (made) => variable(made.container('bridge'), 'GANTRY_MCP_PATH'), becomes: '/api/mcp' },
  ],
  cpu: [{ sent: { cpu: 1024, memoryLimitMiB: 2048 }, seen: (made) => made.one('aws_ecs_task_definition').cpu, becomes: '1024' }],
  memoryLimitMiB: [{ sent: { memoryLimitMiB: 1024 }, seen: (made) => made.one('aws_ecs_task_definition').memory, becomes: '1024' }],
  architecture: [
    {
      sent: { architecture: 'X86_64' },
      seen: (made) => made.one('aws_ecs_task_definition').runtime_platform,
      becomes: { cpu_architecture: 'X86_64', operating_system_family: 'LINUX' },
    },
  ],
  autoScalingConfig: [
    {
      sent: { autoScalingConfig: { minCapacity: 2, maxCapacity: 6 } },
      seen: (made) => made.one('aws_appautoscaling_target'),
      becomes: expect.objectContaining({ min_capacity: 2, max_capacity: 6 }),
    },
    {
      sent: { autoScalingConfig: { minCapacity: 1, maxCapacity: 6, metricName: 'MemoryUtilization', targetValue: 70, cooldown: 90 } },
      seen: (made) => made.one('aws_appautoscaling_policy').target_tracking_scaling_policy_configuration,
      becomes: {
        predefined_metric_specification: { predefined_metric_type: 'ECSServiceAverageMemoryUtilization' },
        scale_in_cooldown: 90,
        scale_out_cooldown: 90,
        target_value: 70,
      },
    },
    {
      sent: { autoScalingConfig: { minCapacity: 1, maxCapacity: 6, metricName: 'Depth', namespace: 'Docs', targetValue: 5 } },
      seen: (made) => made.variables.metric,
      becomes: { name: 'Depth', namespace: 'Docs' },
    },
  ],
  loadBalancer: [{ sent: { loadBalancer: { mode: 'dedicated' } }, seen: (made) => made.one('aws_lb').internal, becomes: true }],
  loadBalancerConfig: [
    {
      sent: {
        loadBalancerConfig: {
          healthCheckConfig: { path: '/ready', interval: 30, timeout: 7, healthyThresholdCount: 4, unhealthyThresholdCount: 5 },
        },
      },
      seen: (made) => [made.one('aws_lb_target_group').health_check, made.variables.health_path],
      becomes: [expect.objectContaining({ interval: 30, timeout: 7, healthy_threshold: 4, unhealthy_threshold: 5 }), '/ready'],
    },
  ],
  containerHealthCheckConfig: [
    {
      sent: { containerHealthCheckConfig: { command: 'curl x', interval: 20, startPeriod: 9, timeout: 8, retries: 7 } },
      seen: (made) => made.container()?.healthCheck,
      becomes: { command: ['CMD-SHELL', 'curl x'], interval: 20, startPeriod: 9, timeout: 8, retries: 7 },
    },
  ],
  environment: [{ sent: { environment: { DOCS: 'here' } }, seen: (made) => variable(made.container(), 'DOCS'), becomes: 'here' }],
  secrets: [
    {
      sent: { secrets: { TOKEN: { arn: secret, jsonKey: 'k', versionStage: 'AWSPREVIOUS' } } },
      seen: (made) => made.container()?.secrets,
      becomes: expect.arrayContaining([{ name: 'TOKEN', valueFrom: `${secret}:k:AWSPREVIOUS:` }]),
    },
    {
      sent: { secrets: { TOKEN: { arn: secret } } },
      seen: (made) => policyOf(made.variables.execution_policy),
      becomes: expect.arrayContaining([
        expect.objectContaining({ Action: ['secretsmanager:GetSecretValue'], Resource: expect.arrayContaining([secret]) }),
      ]),
    },
  ],
  taskExecutionRoleArn: [{ sent: { taskExecutionRoleArn: role }, seen: (made) => made.variables.execution_role_arn, becomes: role }],
  taskRoleArn: [{ sent: { taskRoleArn: role }, seen: (made) => made.variables.task_role_arn, becomes: role }],
  taskPolicy: [
    {
      sent: { taskPolicy: [statement] },
      seen: (made) => policyOf(made.variables.task_policy),
      becomes: expect.arrayContaining([statement]),
    },
  ],
  deployment: [
    {
      sent: { deployment: { strategy: 'rolling' } },
      seen: (made) => made.one('aws_ecs_service'),
      becomes: expect.objectContaining({
        deployment_circuit_breaker: { enable: true, rollback: true },
        deployment_minimum_healthy_percent: 100,
        deployment_maximum_percent: 200,
      }),
    },
  ],
  idleTimeoutSeconds: [
    {
      sent: { loadBalancer: { mode: 'dedicated' }, idleTimeoutSeconds: 300 },
      seen: (made) => made.one('aws_lb').idle_timeout,
      becomes: 300,
    },
  ],
  stickiness: [
    {
      sent: { stickiness: true },
      seen: (made) => made.one('aws_lb_target_group').stickiness,
      becomes: { enabled: true, type: 'lb_cookie' },
    },
  ],
  logRetentionDays: [
    { sent: { logRetentionDays: 90 }, seen: (made) => made.one('aws_cloudwatch_log_group').retention_in_days, becomes: 90 },
  ],
  tags: [{ sent: { tags: { team: 'docs' } }, seen: (made) => made.variables.tags, becomes: expect.objectContaining({ team: 'docs' }) }],
}

/** Fields that others act on, and Terraform never sees. */
const elsewhere: Record<string, unknown> = { description: 'What it is for', groups: ['docs'], review: 'always' }

test('every field of a definition is in one of the tables', () => {
  expect([...Object.keys(effects), ...Object.keys(elsewhere)].sort()).toEqual(Object.keys(Definition.shape).sort())
})

const rows = Object.entries(effects).flatMap(([field, all]) => all.map((effect) => ({ field, ...effect })))

test.each(rows)('$field reaches Terraform: $sent', ({ sent, seen, becomes }) => {
  expect(seen(synth(sent))).toEqual(becomes)
})

test.each(rows.filter(({ field }) => field !== 'deployment'))(
  'without $field Terraform gets something else than with $sent',
  ({ field, sent, seen, becomes }) => {
    const { [field]: _left, ...rest } = sent
    expect(seen(synth(rest))).not.toEqual(becomes)
  },
)

test.each(Object.entries(elsewhere))('%s changes nothing of what Terraform gets', (field, value) => {
  const files = (definition: object) => {
    const stack = new ServerStack(Testing.stubVersion(new App({ stackTraces: false })), 'server', serverInput({ ...definition }))
    return [Testing.synth(stack, true), stack.variables]
  }
  expect(files({ [field]: value })).toEqual(files({}))
})
