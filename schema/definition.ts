import * as z from 'zod'

const HealthCheck = z.strictObject({
  path: z.string().optional(),
  interval: z.number().int().optional(),
  timeout: z.number().int().optional(),
  healthyThresholdCount: z.number().int().optional(),
  unhealthyThresholdCount: z.number().int().optional(),
})

const oneOrMany = z.union([z.string(), z.array(z.string())])

/** One statement of the generated task role, in IAM's own words. */
const PolicyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: z.record(z.string(), z.record(z.string(), oneOrMany)).optional(),
})

/** What a caller asks for: one hosted MCP server. */
export const Definition = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  serverType: z.enum(['stdio', 'http', 'sse']),
  startCommand: z.union([z.string(), z.array(z.string())]).optional(),
  image: z.string().optional(),
  s3Path: z.string().optional(),
  port: z.number().int().optional(),
  mcpPath: z.string().optional(),
  cpu: z.number().int().default(256),
  memoryLimitMiB: z.number().int().default(512),
  architecture: z.enum(['ARM64', 'X86_64']).optional(),
  autoScalingConfig: z
    .strictObject({
      minCapacity: z.number().int(),
      maxCapacity: z.number().int(),
      targetValue: z.number().optional(),
      metricName: z.string().optional(),
      namespace: z.string().optional(),
      duration: z.number().int().optional(),
      cooldown: z.number().int().optional(),
    })
    .default({ minCapacity: 1, maxCapacity: 1 }),
  loadBalancer: z.strictObject({ mode: z.enum(['dedicated', 'shared']) }).optional(),
  loadBalancerConfig: z.strictObject({ healthCheckConfig: HealthCheck }).optional(),
  containerHealthCheckConfig: z
    .strictObject({
      command: z.union([z.string(), z.array(z.string())]),
      interval: z.number().int().optional(),
      startPeriod: z.number().int().optional(),
      timeout: z.number().int().optional(),
      retries: z.number().int().optional(),
    })
    .optional(),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z
    .record(
      z.string(),
      z.union([
        z.strictObject({ arn: z.string(), jsonKey: z.string().optional(), versionStage: z.string().optional() }),
        z.strictObject({ managed: z.literal(true) }),
      ]),
    )
    .default({}),
  taskExecutionRoleArn: z.string().optional(),
  taskRoleArn: z.string().optional(),
  taskPolicy: z.array(PolicyStatement).optional(),
  groups: z
    .array(z.string())
    .nullable()
    .default([])
    .transform((groups) => groups ?? []),
  review: z.enum(['auto', 'destructive', 'always']).optional(),
  deployment: z.strictObject({ strategy: z.literal('rolling') }).optional(),
  idleTimeoutSeconds: z.number().int().optional(),
  stickiness: z.boolean().optional(),
  logRetentionDays: z.number().int().optional(),
  tags: z.record(z.string(), z.string()).default({}),
})
export type Definition = z.infer<typeof Definition>
