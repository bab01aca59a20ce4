import * as z from 'zod'

/**
 * `plan` is speculative and `drift` compares what was applied with what is: neither applies anything. `verify` asks a server in
 * service once more what it can do.
 */
export const RunType = z.enum(['apply', 'delete', 'verify', 'plan', 'drift'])
export type RunType = z.infer<typeof RunType>
