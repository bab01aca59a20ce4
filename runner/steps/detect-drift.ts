import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** Compares what was last applied with what is. */
export async function detectDrift(_context: RunContext): Promise<void> {
  throw new RunFailure('INTERNAL', 'Drift cannot be detected yet.')
}
