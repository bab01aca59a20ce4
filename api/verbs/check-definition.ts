import type { PlatformContract } from '../../schema/contract.ts'
import { Definition } from '../../schema/definition.ts'
import { GantryError } from '../../schema/error-code.ts'
import { fieldErrors } from '../field-errors.ts'
import type { ApiPorts } from '../ports.ts'

/** A definition that this platform can host, or INVALID_DEFINITION with every problem and its path. */
export async function checkDefinition(ports: ApiPorts, body: unknown): Promise<{ definition: Definition; contract: PlatformContract }> {
  const parsed = Definition.safeParse(body)
  if (!parsed.success) throw new GantryError('INVALID_DEFINITION', 'The definition does not fit.', { errors: fieldErrors(parsed.error) })
  return { definition: parsed.data, contract: await ports.contract() }
}
