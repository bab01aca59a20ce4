import * as z from 'zod'
import { PlatformReview, ReviewRules } from './platform-review.ts'

/** How API Gateway reaches tasks: `alb` = VPC link v2 straight to an ALB, streaming; `nlb` = VPC link v1, buffered. */
export const Edge = z.enum(['alb', 'nlb'])
export type Edge = z.infer<typeof Edge>

/** Which plans wait for a person: none, those that destroy, replace, widen or expose, or all. */
export const ReviewPolicy = z.enum(['auto', 'destructive', 'always'])
export type ReviewPolicy = z.infer<typeof ReviewPolicy>
export const LoadBalancerMode = z.enum(['dedicated', 'shared'])
export type LoadBalancerMode = z.infer<typeof LoadBalancerMode>

/** What PlatformStack tells servers, as one JSON document in SSM (`/gantry/<platform>/contract`). */
export const PlatformContract = z.strictObject({
  format: z.literal(1),
  platform: z.string().regex(/^[a-z][a-z0-9]{0,15}$/),
  account: z.string(),
  region: z.string(),
  edge: Edge,
  /** Terraform version constraint of the AWS provider, for the whole platform. */
  providerVersion: z.string(),
  /** What clients see in front of `/mcp/…`; no trailing slash. */
  publicUrl: z.url(),
  egress: z.enum(['nat', 'none']),
  network: z.strictObject({
    vpcId: z.string(),
    subnetIds: z.array(z.string()).min(2),
    /** Every task carries it, and load balancers may send only to it. */
    tasksSecurityGroupId: z.string(),
    /** What a dedicated load balancer admits; absent on edge `nlb`. */
    vpcLinkSecurityGroupId: z.string().optional(),
  }),
  cluster: z.strictObject({ name: z.string(), arn: z.string() }),
  sharedAlb: z.strictObject({ arn: z.string(), listenerArn: z.string(), dnsName: z.string(), securityGroupId: z.string() }),
  api: z.strictObject({
    id: z.string(),
    stage: z.string(),
    rootResourceId: z.string(),
    mcpResourceId: z.string(),
    authorizerId: z.string(),
    vpcLinkId: z.string(),
  }),
  /** The platform's own image (Node, Python, uv, bridge), pinned by digest. */
  runtimeImage: z.string(),
  stateBucket: z.string(),
  artifactsBucket: z.string(),
  table: z.string(),
  kmsKeyArn: z.string(),
  /** Signs caller identities (ES256); `publicKey` is SPKI DER in base64. */
  identityKey: z.strictObject({ arn: z.string(), publicKey: z.string() }),
  roles: z.strictObject({ path: z.string(), permissionsBoundaryArn: z.string().optional() }),
  defaults: z.strictObject({ loadBalancer: LoadBalancerMode, review: ReviewPolicy, logRetentionDays: z.number().int() }),
  review: PlatformReview.extend({ rules: ReviewRules.optional() }).prefault({}),
})
export type PlatformContract = z.infer<typeof PlatformContract>

/** SSM's Advanced tier ends at 8 KB. */
export const contractMaxBytes = 8192
export const contractParameter = (platform: string): string => `/gantry/${platform}/contract`
