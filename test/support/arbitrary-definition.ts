import fc from 'fast-check'
import { Definition } from '../../schema/definition.ts'
import { fargateMemoryMiB } from '../../schema/fargate-sizes.ts'

const characters = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })

const letters = 'abcdefghijklmnopqrstuvwxyz'
const word = characters(`${letters}0123456789`, 1, 12)

/** Text as callers write it, and as somebody would who tries to be evaluated. */
export const arbitraryText = fc
  .oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    fc.constantFrom(
      '${file("/etc/passwd")}',
      '%{ if true }x%{ endif }',
      '$${a}',
      '"',
      "'",
      '\\',
      'a\nb\tc',
      '__proto__',
      '${',
      '%{',
      '</script>',
      '`id`',
      '$(id)',
    ),
  )
  .map((text) => text.normalize('NFC'))

const variableName = characters(`${letters.toUpperCase()}_`, 1, 16).map((name) => `X${name}`)
const region = fc.constantFrom('eu-west-1', 'us-east-1')

const secret = fc.oneof(
  fc.constant({ managed: true }),
  fc.record(
    { arn: fc.tuple(region, word).map(([at, name]) => `arn:aws:secretsmanager:${at}:123456789012:secret:${name}-AbCdEf`), jsonKey: word },
    { requiredKeys: ['arn'] },
  ),
  fc.record({ arn: fc.tuple(region, word).map(([at, name]) => `arn:aws:ssm:${at}:123456789012:parameter/${name}`) }),
)

const size = fc.constantFrom(...[...fargateMemoryMiB].flatMap(([cpu, legal]) => legal.map((memoryLimitMiB) => ({ cpu, memoryLimitMiB }))))

const capacity = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .map(([min, more]) => ({ minCapacity: min, maxCapacity: min + more }))
const autoScalingConfig = fc
  .tuple(
    capacity,
    fc.oneof(
      fc.constant({}),
      fc.record({ metricName: fc.constantFrom('CPUUtilization', 'MemoryUtilization'), targetValue: fc.integer({ min: 1, max: 100 }) }),
      fc.record({ metricName: fc.constant('RequestCountPerTarget'), targetValue: fc.integer({ min: 1, max: 5000 }) }),
      fc.record({
        metricName: fc.constant('Depth'),
        namespace: fc.constant('Docs/Queue'),
        targetValue: fc.double({ min: 0.5, max: 1e6, noNaN: true }),
        duration: fc.constant(60),
      }),
    ),
  )
  .map(([range, metric]) => ({ ...range, ...metric }))

const timing = (mostTimeout: number) =>
  fc
    .tuple(fc.integer({ min: 6, max: 300 }), fc.integer({ min: 2, max: mostTimeout }))
    .map(([interval, timeout]) => ({ interval, timeout: Math.min(timeout, interval - 1) }))

const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)

const healthCheckConfig = fc
  .tuple(
    timing(120),
    fc.record(
      { path, healthyThresholdCount: fc.integer({ min: 2, max: 10 }), unhealthyThresholdCount: fc.integer({ min: 2, max: 10 }) },
      { requiredKeys: [] },
    ),
  )
  .map(([times, rest]) => ({ ...times, ...rest }))

const command = fc.oneof(
  arbitraryText.map((text) => `exec ${text}`),
  fc.array(arbitraryText, { maxLength: 3 }).map((args) => ['node', ...args]),
)

const containerHealthCheckConfig = fc
  .tuple(
    timing(60),
    fc.record(
      { command, retries: fc.integer({ min: 1, max: 10 }), startPeriod: fc.integer({ min: 0, max: 300 }) },
      { requiredKeys: ['command'] },
    ),
  )
  .map(([times, rest]) => ({ ...times, ...rest }))

const statement = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('s3:GetObject', ['s3:Get*', 'sqs:SendMessage']),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::docs/${aws:username}/*'),
    Condition: fc.record({ StringEquals: fc.record({ 'aws:PrincipalTag/x': arbitraryText }) }),
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
)

const process = fc.oneof(
  fc.record(
    { serverType: fc.constant('stdio'), startCommand: command, port: fc.constant(8080) },
    { requiredKeys: ['serverType', 'startCommand'] },
  ),
  fc.record(
    { serverType: fc.constantFrom('http', 'sse'), startCommand: command, port: fc.integer({ min: 1, max: 65_535 }), mcpPath: path },
    { requiredKeys: ['serverType', 'startCommand'] },
  ),
  fc.record(
    {
      serverType: fc.constantFrom('http', 'sse'),
      image: word.map((name) => `ghcr.io/docs/${name}:1`),
      port: fc.integer({ min: 1, max: 65_535 }),
    },
    { requiredKeys: ['serverType', 'image'] },
  ),
)

const optional = fc.record(
  {
    description: arbitraryText,
    s3Path: word.map((name) => `servers/${name}/`),
    architecture: fc.constantFrom('ARM64', 'X86_64'),
    autoScalingConfig,
    loadBalancer: fc.record({ mode: fc.constantFrom('dedicated', 'shared') }),
    loadBalancerConfig: fc.record({ healthCheckConfig }),
    containerHealthCheckConfig,
    environment: fc.dictionary(variableName, arbitraryText, { maxKeys: 5 }),
    secrets: fc.dictionary(
      variableName.map((name) => `S${name}`),
      secret,
      { maxKeys: 4 },
    ),
    taskPolicy: fc.array(statement, { maxLength: 3 }),
    groups: fc.option(fc.array(word, { maxLength: 3 })),
    review: fc.constantFrom('auto', 'destructive', 'always'),
    deployment: fc.constant({ strategy: 'rolling' }),
    stickiness: fc.boolean(),
    logRetentionDays: fc.constantFrom(1, 30, 3653),
    tags: fc.dictionary(word, word, { maxKeys: 5, noNullPrototype: true }),
  },
  { requiredKeys: [] },
)

const name = fc
  .tuple(characters(`${letters}${letters.toUpperCase()}0123456789 -_.`, 0, 39), fc.constantFrom(...letters))
  .map(([start, end]) => start + end)

/** What a caller could send and the schema accepts. */
export const arbitraryDefinitionInput = fc
  .tuple(name, process, fc.option(size, { nil: {} }), optional)
  .map(([called, how, dimensions, rest]) => ({ name: called, ...how, ...dimensions, ...rest }))
  .filter((input) => Definition.safeParse(input).success)

/** A definition that the schema accepted, to prove that each of them synthesizes. */
export const arbitraryDefinition: fc.Arbitrary<Definition> = arbitraryDefinitionInput.map((input) => Definition.parse(input))
