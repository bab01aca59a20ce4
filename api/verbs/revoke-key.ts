import type { Principal } from '../../access/principal.ts'
import { revokeKey as revokeStored } from '../../store/keys.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'

/** Revokes a key for good; a revoked one stays revoked. Throws NOT_FOUND. */
export async function revokeKey(ports: ApiPorts, principal: Principal, id: string): Promise<void> {
  authorise(principal, 'key:revoke')
  await revokeStored(ports.store, id)
}
