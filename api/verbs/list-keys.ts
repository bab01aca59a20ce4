import type { Principal } from '../../access/principal.ts'
import { listKeys as listStored } from '../../store/keys.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type KeyView, keyView } from '../views.ts'
import { listVisible } from './list-visible.ts'

/** The keys that people made, without the short-lived ones of runs. */
export async function listKeys(
  ports: ApiPorts,
  principal: Principal,
  options: { cursor?: string | undefined; limit: number },
): Promise<{ items: KeyView[]; cursor?: string }> {
  authorise(principal, 'key:read')
  const page = await listVisible(
    'keys',
    options,
    (position) => listStored(ports.store, position),
    (key) => key.onlyServer === undefined,
  )
  return { ...page, items: page.items.map(keyView) }
}
