import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import { revokeKey as revokeStored } from '../../store/keys.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'

/** Revokes a key for good; a revoked one stays revoked. Throws NOT_FOUND. */
export async function revokeKey(ports: ApiPorts, principal: Principal, id: string): Promise<void> {
  authorise(principal, 'key:revoke')
  if (!/^[a-z0-9]{16}$/.test(id)) throw new GantryError('NOT_FOUND', `There is no API key ${JSON.stringify(id)}.`)
  await revokeStored(ports.store, id)
}
