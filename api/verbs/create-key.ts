import { mintKey } from '../../access/mint-key.ts'
import type { Principal } from '../../access/principal.ts'
import { normalizeGroups } from '../../schema/groups.ts'
import { createKey as storeKey } from '../../store/keys.ts'
import { authorise } from '../authorise.ts'
import type { NewKey } from '../new-key.ts'
import type { ApiPorts } from '../ports.ts'
import { type KeyView, keyView } from '../views.ts'

/** Mints a key; its token leaves Gantry here and never again. */
export async function createKey(ports: ApiPorts, principal: Principal, wanted: NewKey): Promise<{ key: KeyView; token: string }> {
  authorise(principal, 'key:create')
  const now = ports.clock.now()
  const { key, token } = mintKey({
    description: wanted.description,
    admin: wanted.admin,
    groups: normalizeGroups(wanted.groups),
    createdBy: principal.id,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + wanted.expiresInSeconds * 1000).toISOString(),
  })
  await storeKey(ports.store, key)
  return { key: keyView(key), token }
}
