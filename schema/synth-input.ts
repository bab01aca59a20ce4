import * as z from 'zod'
import { LoadBalancerMode, PlatformContract } from './contract.ts'
import { Definition } from './definition.ts'

/** What the stacks bundle reads from the file that `GANTRY_SYNTH_INPUT` names, to synthesize one server. */
export const ServerSynthInput = z.strictObject({
  kind: z.literal('server'),
  /** Part of the state's key: an identifier. */
  uid: z.string().regex(/^[a-z0-9]{1,32}$/),
  definition: Definition,
  /** False: everything but the tasks. */
  enabled: z.boolean().default(true),
  /** The load balancer of the revision before, which still serves while a mode switch is under way. */
  keepMode: LoadBalancerMode.optional(),
  /** How many tasks ECS shall run now; absent: autoscaling owns the count. */
  desiredCount: z.number().int().nonnegative().optional(),
  contract: PlatformContract,
})
export type ServerSynthInput = z.infer<typeof ServerSynthInput>
