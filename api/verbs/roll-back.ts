import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import { readRevision } from '../../store/revisions.ts'
import type { ApiPorts } from '../ports.ts'
import { type Revised, reviseServer } from './revise-server.ts'

/** A new revision with the definition of an earlier one, reviewed like any other. What is stopped stays stopped. */
export function rollBack(ports: ApiPorts, principal: Principal, id: string, number: number, ifMatch?: string): Promise<Revised> {
  return reviseServer(ports, principal, id, {
    ifMatch,
    change: async ({ server, revision }) => {
      const earlier = number < revision.number ? await readRevision(ports.store, id, server.uid, number) : undefined
      if (!earlier) throw notEarlier(id, number, revision.number)
      return { definition: earlier.definition, enabled: revision.enabled, because: `Back to the definition of revision ${number}.` }
    },
  })
}

function notEarlier(id: string, number: number, newest: number): GantryError {
  const message = `got ${number}; expected a revision before ${newest}, the newest. GET /servers/${id}/revisions lists them`
  return new GantryError('INVALID_BODY', 'There is nothing to go back to.', { errors: [{ path: 'revision', message }] })
}
