import { describe, expect, test } from 'vitest'
import { Definition } from '../../schema/definition.ts'
import { parseDefinition } from '../../schema/parse-definition.ts'

const stdio = { name: 'Docs MCP', serverType: 'stdio', startCommand: 'npx -y docs-mcp' }
const http = { name: 'Docs', serverType: 'http', startCommand: ['node', 'server.js'] }
const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::docs/*' }
const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:docs-AbCdEf'
const parameterArn = 'arn:aws:ssm:eu-west-1:123456789012:parameter/docs/token'
const health = (healthCheckConfig: object) => ({ loadBalancerConfig: { healthCheckConfig } })
const container = (config: object) => ({ containerHealthCheckConfig: { command: 'true', ...config } })
const scaling = (config: object) => ({ autoScalingConfig: { minCapacity: 1, maxCapacity: 4, ...config } })
const environment = (name: string, value: unknown = 'x') => ({ environment: { [name]: value } })

/** Without these fields of `stdio`. */
const without = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, undefined]))

type Broken = [rule: string, fields: object, path: string, message: RegExp, base?: object]

const broken: Broken[] = [
  ['name is required', without('name'), 'name', /missing/],
  ['name has an id', { name: '-- __' }, 'name', /0 characters.*1 to 40/],
  ['name has an id of at most 40', { name: 'a'.repeat(41) }, 'name', /41 characters.*1 to 40/],
  ['name stays on one line', { name: 'docs\nmcp' }, 'name', /one line/],
  ['name is a string', { name: 5 }, 'name', /got 5/],
  ['description ends at 500 characters', { description: 'x'.repeat(501) }, 'description', /501.*500/],
  ['serverType is required', without('serverType'), 'serverType', /missing.*stdio, http or sse/],
  ['serverType is one of three', { serverType: 'grpc' }, 'serverType', /"grpc".*stdio, http or sse/],
  ['stdio needs a start command', without('startCommand'), 'startCommand', /missing/],
  ['stdio needs a start command, also with an image', { ...without('startCommand'), image: 'docs:1' }, 'startCommand', /missing/],
  ['http needs a start command or an image', { startCommand: undefined }, 'startCommand', /missing.*image/, http],
  ['a start command says something', { startCommand: ' ' }, 'startCommand', /non-empty/],
  ['a start command list says something', { startCommand: [] }, 'startCommand', /non-empty/],
  ['a start command list holds strings', { startCommand: ['node', 5] }, 'startCommand[1]', /got 5/],
  ['a start command fits into a task definition', { startCommand: 'x'.repeat(8192) }, 'startCommand', /8192/],
  ['image is a reference', { image: 'Not An Image' }, 'image', /image reference/],
  ['image is no expression', { image: '${docs}' }, 'image', /image reference/],
  ['s3Path has no wildcard', { s3Path: 'docs/*' }, 's3Path', /prefix/],
  ['s3Path stays inside', { s3Path: 'docs/../other' }, 's3Path', /prefix/],
  ['s3Path is relative', { s3Path: '/docs' }, 's3Path', /prefix/],
  ['port of stdio is the bridge’s', { port: 8000 }, 'port', /8000.*8080/],
  ['port begins at 1', { port: 0 }, 'port', /1 to 65535/, http],
  ['port ends at 65535', { port: 65_536 }, 'port', /1 to 65535/, http],
  ['port is whole', { port: 80.5 }, 'port', /whole/, http],
  ['mcpPath is absolute', { mcpPath: 'mcp' }, 'mcpPath', /absolute/],
  ['mcpPath has no query', { mcpPath: '/mcp?x=1' }, 'mcpPath', /absolute/],
  ['mcpPath has no dots', { mcpPath: '/a/../b' }, 'mcpPath', /absolute/],
  ['cpu is a Fargate size', { cpu: 300 }, 'cpu', /300.*256, 512/],
  ['memory fits the cpu', { cpu: 512, memoryLimitMiB: 512 }, 'memoryLimitMiB', /512.*1024, 2048, 3072 or 4096/],
  ['memory fits the default cpu', { memoryLimitMiB: 4096 }, 'memoryLimitMiB', /512, 1024 or 2048/],
  ['architecture is one of two', { architecture: 'RISCV' }, 'architecture', /ARM64 or X86_64/],
  ['scaling needs its minimum', { autoScalingConfig: { maxCapacity: 2 } }, 'autoScalingConfig.minCapacity', /missing/],
  ['scaling needs its maximum', { autoScalingConfig: { minCapacity: 2 } }, 'autoScalingConfig.maxCapacity', /missing/],
  ['scaling begins at 1', scaling({ minCapacity: 0 }), 'autoScalingConfig.minCapacity', /from 1/],
  ['scaling does not end below its beginning', scaling({ minCapacity: 5 }), 'autoScalingConfig.maxCapacity', /4.*minCapacity.*5/],
  ['a custom metric has a namespace', scaling({ metricName: 'Depth', targetValue: 5 }), 'autoScalingConfig.namespace', /missing/],
  ['a custom metric has a target', scaling({ metricName: 'Depth', namespace: 'Docs' }), 'autoScalingConfig.targetValue', /missing/],
  ['requests have a target', scaling({ metricName: 'RequestCountPerTarget' }), 'autoScalingConfig.targetValue', /missing/],
  ['AWS’s own metric has no namespace', scaling({ namespace: 'Docs' }), 'autoScalingConfig.namespace', /CPUUtilization/],
  ['AWS fixes the period of its metrics', scaling({ duration: 30 }), 'autoScalingConfig.duration', /30.*60/],
  [
    'the period of a custom metric',
    scaling({ metricName: 'Depth', namespace: 'Docs', targetValue: 5, duration: 300 }),
    'autoScalingConfig.duration',
    /300.*60 seconds/,
  ],
  ['a percentage ends at 100', scaling({ targetValue: 101 }), 'autoScalingConfig.targetValue', /100/],
  ['a target is above 0', scaling({ targetValue: 0 }), 'autoScalingConfig.targetValue', /above 0/],
  ['a cooldown is not negative', scaling({ cooldown: -1 }), 'autoScalingConfig.cooldown', /from 0/],
  ['load balancer modes are two', { loadBalancer: { mode: 'own' } }, 'loadBalancer.mode', /dedicated or shared/],
  ['health path is absolute', health({ path: 'health' }), 'loadBalancerConfig.healthCheckConfig.path', /absolute/],
  ['health interval', health({ interval: 301 }), 'loadBalancerConfig.healthCheckConfig.interval', /5 to 300/],
  ['health timeout', health({ interval: 300, timeout: 121 }), 'loadBalancerConfig.healthCheckConfig.timeout', /2 to 120/],
  ['healthy threshold', health({ healthyThresholdCount: 1 }), 'loadBalancerConfig.healthCheckConfig.healthyThresholdCount', /2 to 10/],
  [
    'unhealthy threshold',
    health({ unhealthyThresholdCount: 11 }),
    'loadBalancerConfig.healthCheckConfig.unhealthyThresholdCount',
    /2 to 10/,
  ],
  ['timeout is below interval', health({ interval: 10, timeout: 10 }), 'loadBalancerConfig.healthCheckConfig.timeout', /less than.*10/],
  ['timeout is below the default interval', health({ timeout: 20 }), 'loadBalancerConfig.healthCheckConfig.timeout', /by default/],
  ['interval is above the default timeout', health({ interval: 5 }), 'loadBalancerConfig.healthCheckConfig.interval', /by default/],
  ['container health has a command', { containerHealthCheckConfig: {} }, 'containerHealthCheckConfig.command', /missing/],
  ['container health interval', container({ interval: 4 }), 'containerHealthCheckConfig.interval', /5 to 300/],
  ['container health timeout', container({ interval: 100, timeout: 61 }), 'containerHealthCheckConfig.timeout', /2 to 60/],
  ['container health retries', container({ retries: 11 }), 'containerHealthCheckConfig.retries', /1 to 10/],
  ['container health startPeriod', container({ startPeriod: 301 }), 'containerHealthCheckConfig.startPeriod', /0 to 300/],
  ['container timeout below interval', container({ interval: 6, timeout: 6 }), 'containerHealthCheckConfig.timeout', /less than/],
  ['variables have names of their own kind', environment('NOT-OK'), 'environment.NOT-OK', /letters, digits and _/],
  ['variables do not begin with a digit', environment('1ST'), 'environment["1ST"]', /digit/],
  ['GANTRY_ is reserved', environment('GANTRY_COMMAND'), 'environment.GANTRY_COMMAND', /reserved/],
  ['LD_PRELOAD is a loader variable', environment('LD_PRELOAD'), 'environment.LD_PRELOAD', /loader/],
  ['NODE_OPTIONS is a loader variable', environment('NODE_OPTIONS'), 'environment.NODE_OPTIONS', /loader/],
  ['values are strings', environment('A', 5), 'environment.A', /got 5.*string/],
  ['the environment fits into a task definition', environment('A', 'x'.repeat(33_000)), 'environment', /32768/],
  ['PORT of http is Gantry’s', environment('PORT', '9000'), 'environment.PORT', /8000/, http],
  ['secrets have names like variables', { secrets: { 'a b': { managed: true } } }, 'secrets["a b"]', /letters, digits/],
  ['a secret is bound or managed', { secrets: { A: {} } }, 'secrets.A', /arn.*managed: true/],
  ['managed is true', { secrets: { A: { managed: false } } }, 'secrets.A.managed', /false.*true/],
  ['a bound secret has an ARN', { secrets: { A: { arn: 'docs' } } }, 'secrets.A.arn', /Secrets Manager/],
  ['an ARN has no wildcard', { secrets: { A: { arn: `${secretArn.slice(0, -6)}*` } } }, 'secrets.A.arn', /wildcards/],
  ['jsonKey has no colon', { secrets: { A: { arn: secretArn, jsonKey: 'a:b' } } }, 'secrets.A.jsonKey', /colon/],
  ['a parameter has no jsonKey', { secrets: { A: { arn: parameterArn, jsonKey: 'a' } } }, 'secrets.A.jsonKey', /SSM/],
  ['a name is a variable or a secret', { ...environment('A'), secrets: { A: { managed: true } } }, 'secrets.A', /environment too/],
  ['taskRoleArn is a role', { taskRoleArn: 'arn:aws:iam::123456789012:user/x' }, 'taskRoleArn', /ARN of an IAM role/],
  ['taskExecutionRoleArn is a role', { taskExecutionRoleArn: 'x' }, 'taskExecutionRoleArn', /ARN of an IAM role/],
  ['no * on *', { taskPolicy: [{ ...statement, Action: '*', Resource: '*' }] }, 'taskPolicy[0].Action', /\* on \*/],
  ['no * on everything', { taskPolicy: [{ ...statement, Action: ['*'], Resource: ['arn:aws:*'] }] }, 'taskPolicy[0].Action', /\* on \*/],
  ['an action names its service', { taskPolicy: [{ ...statement, Action: 'GetObject' }] }, 'taskPolicy[0].Action', /s3:GetObject/],
  ['a resource is an ARN', { taskPolicy: [{ ...statement, Resource: 'docs' }] }, 'taskPolicy[0].Resource', /ARN/],
  ['a statement is of IAM', { taskPolicy: [{ ...statement, Principal: '*' }] }, 'taskPolicy[0].Principal', /unknown field.*Effect/],
  ['an effect is one of two', { taskPolicy: [{ ...statement, Effect: 'Maybe' }] }, 'taskPolicy[0].Effect', /Allow or Deny/],
  ['a Sid is used once', { taskPolicy: [1, 2].map(() => ({ ...statement, Sid: 'One' })) }, 'taskPolicy', /twice/],
  [
    'a policy is for the generated role',
    { taskPolicy: [statement], taskRoleArn: 'arn:aws:iam::123456789012:role/gantry/x' },
    'taskPolicy',
    /taskRoleArn/,
  ],
  ['groups have names', { groups: ['docs', ' '] }, 'groups[1]', /1 to 128/],
  ['a group is more than its prefix', { groups: ['group:'] }, 'groups[0]', /1 to 128/],
  ['groups are a list', { groups: 'docs' }, 'groups', /a list/],
  ['review is a policy', { review: 'never' }, 'review', /auto, destructive or always/],
  ['blue-green comes later', { deployment: { strategy: 'blue-green' } }, 'deployment.strategy', /later/],
  ['bakeMinutes comes later', { deployment: { strategy: 'rolling', bakeMinutes: 5 } }, 'deployment.bakeMinutes', /later/],
  ['tracing comes later', { tracing: true }, 'tracing', /later/],
  ['alarms come later', { alarms: {} }, 'alarms', /later/],
  ['idle timeout ends with the stream', { idleTimeoutSeconds: 901 }, 'idleTimeoutSeconds', /30 to 900/],
  ['idle timeout outlasts a keep-alive', { idleTimeoutSeconds: 29 }, 'idleTimeoutSeconds', /30 to 900/],
  ['a shared load balancer has its own', { loadBalancer: { mode: 'shared' }, idleTimeoutSeconds: 60 }, 'idleTimeoutSeconds', /shared/],
  ['stickiness is a boolean', { stickiness: 'yes' }, 'stickiness', /true or false/],
  ['logs are kept as CloudWatch does', { logRetentionDays: 2 }, 'logRetentionDays', /got 2.*1, 3, 5, 7/],
  ['tags have AWS’s characters', { tags: { 'a{b': 'x' } }, 'tags["a{b"]', /letters/],
  ['tags do not begin with aws:', { tags: { 'aws:x': 'x' } }, 'tags["aws:x"]', /reserved/],
  ['tags do not begin with gantry:', { tags: { 'Gantry:x': 'x' } }, 'tags["Gantry:x"]', /reserved/],
  ['tag values have AWS’s characters', { tags: { a: '<b>' } }, 'tags.a', /256/],
  ['unknown fields are said', { startComand: 'x' }, 'startComand', /unknown field.*startCommand/],
  ['unknown fields inside are said', health({ matcher: '200' }), 'loadBalancerConfig.healthCheckConfig.matcher', /unknown field.*interval/],
]

describe('a definition that breaks a rule', () => {
  test.each(broken)('%s', (_rule, fields, path, message, base = stdio) => {
    const parsed = parseDefinition({ ...base, ...fields })
    expect(parsed).toEqual({ ok: false, errors: [{ path, message: expect.stringMatching(message) }] })
  })

  test('gets all its problems at once, those between fields and those of a wrong type together', () => {
    const parsed = parseDefinition({
      name: '!',
      serverType: 'stdio',
      port: 9,
      cpu: 'many',
      memoryLimitMiB: 1,
      environment: { LD_PRELOAD: 'a', B: 'AKIAABCDEFGHIJKLMNOP' },
      secrets: { B: { managed: true } },
      surprise: 1,
    })
    expect(parsed.ok ? [] : parsed.errors.map(({ path }) => path).sort()).toEqual(
      ['cpu', 'environment.B', 'environment.LD_PRELOAD', 'name', 'port', 'secrets.B', 'startCommand', 'surprise'].sort(),
    )
  })

  test.each([null, undefined, 5, 'x', []])('%j is no definition', (input) => {
    expect(parseDefinition(input)).toEqual({ ok: false, errors: [{ path: '', message: expect.stringContaining('an object') }] })
  })
})

describe('a definition that keeps the rules', () => {
  test('gets its defaults', () => {
    expect(Definition.parse(stdio)).toEqual({
      ...stdio,
      cpu: 256,
      memoryLimitMiB: 512,
      autoScalingConfig: { minCapacity: 1, maxCapacity: 1 },
      environment: {},
      secrets: {},
      groups: [],
      tags: {},
    })
  })

  test.each([
    ['stdio on the bridge’s port', { ...stdio, port: 8080 }],
    ['http with an image only', { name: 'a', serverType: 'http', image: 'ghcr.io/docs/mcp:1.2.3' }],
    ['an image by digest', { ...stdio, image: `localhost:5000/a/b@sha256:${'0'.repeat(64)}` }],
    ['an S3 address', { ...stdio, s3Path: 's3://bucket-1/docs/v1/' }],
    ['PORT as Gantry sets it', { ...http, port: 9000, environment: { PORT: '9000' } }],
    ['* on one resource', { ...stdio, taskPolicy: [{ ...statement, Action: '*' }] }],
    ['an IAM policy variable', { ...stdio, taskPolicy: [{ ...statement, Resource: 'arn:aws:s3:::docs/${aws:username}/*' }] }],
    ['a denial of everything', { ...stdio, taskPolicy: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }],
    ['a custom metric', { ...stdio, ...scaling({ metricName: 'Depth', namespace: 'Docs', targetValue: 5, duration: 60 }) }],
    ['rolling', { ...stdio, deployment: { strategy: 'rolling' } }],
    [
      'a secret of each kind',
      { ...stdio, secrets: { A: { arn: secretArn, jsonKey: 'k' }, B: { arn: parameterArn }, C: { managed: true } } },
    ],
  ])('%s', (_what, input) => {
    expect(parseDefinition(input)).toMatchObject({ ok: true })
  })

  test('normalizes its groups, and null is none', () => {
    expect(Definition.parse({ ...stdio, groups: ['docs', 'group:docs', ' ops '] }).groups).toEqual(['group:docs', 'group:ops'])
    expect(Definition.parse({ ...stdio, groups: null }).groups).toEqual([])
  })
})
