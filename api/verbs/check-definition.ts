import type { PlatformContract } from '../../schema/contract.ts'
import type { Definition } from '../../schema/definition.ts'
import { checkAgainstPlatform } from '../../schema/definition-on-platform.ts'
import { type FieldError, GantryError } from '../../schema/error-code.ts'
import { parseDefinition } from '../../schema/parse-definition.ts'
import type { ApiPorts } from '../ports.ts'

/** A definition that this platform can host, or INVALID_DEFINITION with every problem and its path. */
export async function checkDefinition(ports: ApiPorts, body: unknown): Promise<{ definition: Definition; contract: PlatformContract }> {
  const parsed = parseDefinition(body)
  if (!parsed.ok) throw refused(parsed.errors)
  const contract = await ports.contract()
  const errors = checkAgainstPlatform(parsed.definition, contract)
  if (errors.length > 0) throw refused(errors)
  return { definition: parsed.definition, contract }
}

function refused(errors: FieldError[]): GantryError {
  const fields = errors.map(({ path }) => path || 'the body').join(', ')
  return new GantryError('INVALID_DEFINITION', `The definition was refused for ${fields}. Nothing was stored.`, { errors })
}
