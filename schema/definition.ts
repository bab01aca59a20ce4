import * as z from 'zod'
import { LoadBalancerMode, ReviewPolicy } from './contract.ts'
import { Environment, Secrets } from './definition-environment.ts'
import { ContainerHealthCheck, LoadBalancerConfig } from './definition-health.ts'
import { Groups, LogRetentionDays, Tags } from './definition-labels.ts'
import { wholeNumber } from './definition-numbers.ts'
import { RoleArn, TaskPolicy } from './definition-policy.ts'
import { AbsolutePath, Description, Image, Name, S3Path, StartCommand } from './definition-process.ts'
import { crossFieldRules } from './definition-rules.ts'
import { AutoScaling } from './definition-scaling.ts'
import { fargateCpus } from './fargate-sizes.ts'
import { expects, oneOf } from './refusal.ts'
import { whenObject } from './when-object.ts'

const cpu = expects(`${oneOf(fargateCpus)} (1024 = one vCPU)`)
const memory = expects('a whole number of MiB that Fargate sells with this cpu')
const serverType = expects('stdio, http or sse')
const strategy = expects('rolling: blue-green comes with a later version of Gantry')

/**
 * What a caller asks for: one hosted MCP server. Parsing what it gave out changes nothing.
 * `parseDefinition` gives all problems as a person reads them, `resolveDefinition` fills in the platform's defaults.
 */
export const Definition = z
  .strictObject({
    name: Name,
    description: Description.optional(),
    serverType: z.enum(['stdio', 'http', 'sse'], { error: serverType }),
    startCommand: StartCommand.optional(),
    image: Image.optional(),
    s3Path: S3Path.optional(),
    port: wholeNumber(1, 65_535).optional(),
    mcpPath: AbsolutePath.optional(),
    cpu: z
      .number({ error: cpu })
      .refine((value) => fargateCpus.includes(value), { error: cpu })
      .default(256),
    memoryLimitMiB: z.number({ error: memory }).int({ error: memory }).default(512),
    architecture: z.enum(['ARM64', 'X86_64'], { error: expects('ARM64 or X86_64') }).optional(),
    autoScalingConfig: AutoScaling.default({ minCapacity: 1, maxCapacity: 1 }),
    loadBalancer: z.strictObject({ mode: LoadBalancerMode }).optional(),
    loadBalancerConfig: LoadBalancerConfig.optional(),
    containerHealthCheckConfig: ContainerHealthCheck.optional(),
    environment: Environment.default({}),
    secrets: Secrets.default({}),
    taskExecutionRoleArn: RoleArn.optional(),
    taskRoleArn: RoleArn.optional(),
    taskPolicy: TaskPolicy.optional(),
    groups: Groups,
    review: ReviewPolicy.optional(),
    deployment: z.strictObject({ strategy: z.literal('rolling', { error: strategy }) }).optional(),
    // The bridge breaks a silence after 15 s: a load balancer that waits for less would cut every quiet stream.
    idleTimeoutSeconds: wholeNumber(30, 900, ' seconds').optional(),
    stickiness: z.boolean().optional(),
    logRetentionDays: LogRetentionDays.optional(),
    tags: Tags.default({}),
  })
  .superRefine(crossFieldRules, whenObject)
export type Definition = z.infer<typeof Definition>
