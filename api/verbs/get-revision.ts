import type { Principal } from '../../access/principal.ts'
import { type Difference, diffValues } from '../../schema/diff-values.ts'
import { GantryError } from '../../schema/error-code.ts'
import { listRevisions as listStored, readRevision } from '../../store/revisions.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RevisionView, revisionView } from '../views.ts'
import { findServer } from './find-server.ts'
import { listVisible } from './list-visible.ts'

/** The revisions of a server, newest first. */
export async function listRevisions(
  ports: ApiPorts,
  principal: Principal,
  id: string,
  options: { cursor?: string | undefined; limit: number },
): Promise<{ items: RevisionView[]; cursor?: string }> {
  authorise(principal, 'revision:read')
  const { uid } = await findServer(ports, id)
  const page = await listVisible(`revisions/${id}/${uid}`, options, (position) => listStored(ports.store, id, uid, position))
  return { ...page, items: page.items.map(revisionView) }
}

export async function getRevision(ports: ApiPorts, principal: Principal, id: string, number: number): Promise<RevisionView> {
  authorise(principal, 'revision:read')
  const { uid } = await findServer(ports, id)
  return revisionView(await find(ports, id, uid, number))
}

export interface RevisionDiff {
  readonly from: number
  readonly to: number
  /** Of what was sent; nothing where only a default of the platform moved. */
  readonly differences: Difference[]
}

/** What changes from one revision to another, by default the newest; `enabled` counts as a field. */
export async function diffRevisions(
  ports: ApiPorts,
  principal: Principal,
  id: string,
  { from, to: wanted }: { from: number; to?: number | undefined },
): Promise<RevisionDiff> {
  authorise(principal, 'revision:read')
  const { uid, revision: newest } = await findServer(ports, id)
  const to = wanted ?? newest
  const [before, after] = await Promise.all([find(ports, id, uid, from), find(ports, id, uid, to)])
  const fieldsOf = (revision: RevisionView) => ({ ...revision.definition, enabled: revision.enabled })
  return { from, to, differences: diffValues(fieldsOf(before), fieldsOf(after)) }
}

async function find(ports: ApiPorts, id: string, uid: string, number: number) {
  const revision = await readRevision(ports.store, id, uid, number)
  if (!revision) throw new GantryError('NOT_FOUND', `Server ${id} has no revision ${number}.`)
  return revision
}
