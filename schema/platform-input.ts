import * as z from 'zod'
import { Edge, LoadBalancerMode, ReviewPolicy } from './contract.ts'
import { PlatformReview } from './platform-review.ts'

const File = z.string().min(1)
const Cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)

/** Where the platform's own Terraform state is: a file on this machine, or a bucket made beforehand. */
const PlatformState = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('local'), path: z.string().min(1) }),
  z.strictObject({ type: z.literal('s3'), bucket: z.string().regex(/^[a-z0-9.-]{3,63}$/), key: z.string().regex(/^[\w./-]{1,512}$/) }),
])
export type PlatformState = z.infer<typeof PlatformState>

/** A network of the platform's own, or one whose owner also answers for its egress and endpoints. */
const PlatformNetwork = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('new'), cidr: Cidr }),
  z.strictObject({
    type: z.literal('given'),
    vpcId: z.string().regex(/^vpc-[0-9a-z]+$/),
    cidr: Cidr,
    subnetIds: z.array(z.string().regex(/^subnet-[0-9a-z]+$/)).min(2),
  }),
])
export type PlatformNetwork = z.infer<typeof PlatformNetwork>

/** What the stacks bundle reads from the file that `GANTRY_SYNTH_INPUT` names, to synthesize the platform. */
export const PlatformSynthInput = z.strictObject({
  kind: z.literal('platform'),
  platform: z.string().regex(/^[a-z][a-z0-9]{0,15}$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  /** Refuses any other account; omitted: the one the credentials are of. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** At least two; omitted: the region's `a` and `b`. */
  availabilityZones: z
    .array(z.string().regex(/^[a-z0-9-]+$/))
    .min(2)
    .optional(),
  edge: Edge,
  /** Terraform constraint of the AWS provider, e.g. `~> 6.47.0`. */
  providerVersion: z.string().regex(/^[~><=!]*\s?\d+(\.\d+){0,2}$/),
  network: PlatformNetwork.default({ type: 'new', cidr: '10.64.0.0/16' }),
  egress: z.enum(['nat', 'none']).default('nat'),
  /** What clients see in front of `/mcp/…`; omitted: the stage's own address. */
  publicUrl: z.url().optional(),
  /** The image tasks run on, and the one CodeBuild runs the runner in; pinned by digest in AWS. */
  runtimeImage: z.string().min(1),
  runnerImage: z.string().min(1),
  /** API Gateway writes access logs as one role of the whole account: the platform's own, or one that is set already. */
  apiGatewayLogRole: z.enum(['managed', 'given']).default('managed'),
  files: z.strictObject({
    buildspec: File,
    /** The bundles, one file each, packed as `index.mjs`. */
    lambdas: z.strictObject({ api: File, authorizer: File, reconciler: File }),
    /** The stacks bundle, packed beside the API for its dry run. */
    stacksBundle: File.optional(),
  }),
  state: PlatformState,
  defaults: z
    .strictObject({
      loadBalancer: LoadBalancerMode.default('dedicated'),
      review: ReviewPolicy.default('destructive'),
      logRetentionDays: z.number().int().default(30),
    })
    .prefault({}),
  review: PlatformReview.extend({
    /** A directory of rules (docs/guides/policies.md). */
    policies: File.optional(),
    /** A price list instead of the one that comes with Gantry. */
    prices: File.optional(),
  }).prefault({}),
  /** `destroy` lets a destroy take the data with it: for platforms that are thrown away. */
  removal: z.enum(['retain', 'destroy']).default('retain'),
})
export type PlatformSynthInput = z.infer<typeof PlatformSynthInput>
