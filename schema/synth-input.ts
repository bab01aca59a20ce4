import * as z from 'zod'
import { PlatformContract } from './contract.ts'
import { Definition } from './definition.ts'

/** What the stacks bundle reads from the file that `GANTRY_SYNTH_INPUT` names, to synthesize one server. */
export const ServerSynthInput = z.strictObject({
  kind: z.literal('server'),
  /** Part of the state's key: an identifier. */
  uid: z.string().regex(/^[a-z0-9]{1,32}$/),
  definition: Definition,
  contract: PlatformContract,
})
export type ServerSynthInput = z.infer<typeof ServerSynthInput>
