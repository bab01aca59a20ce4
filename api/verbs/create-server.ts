import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import { serverId } from '../../schema/names.ts'
import { refusal, show } from '../../schema/refusal.ts'
import type { Revision } from '../../schema/revision.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { createServer as storeServer } from '../../store/create-server.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView, type ServerView, serverView } from '../views.ts'
import { checkDefinition } from './check-definition.ts'
import { createSecrets } from './create-secrets.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

export type Proposed = Required<Pick<Run, 'id' | 'proposal'>> & { readonly serverId: string }

/** Takes a definition, claims its name and starts the run that makes it live. Throws INVALID_DEFINITION or NAME_TAKEN. */
export async function createServer(
  ports: ApiPorts,
  principal: Principal,
  body: unknown,
  /** Of a definition that somebody committed: its run's id, and where it lies. */
  as?: Proposed,
): Promise<{ server: ServerView; run: RunView; location: string }> {
  authorise(principal, 'server:create')
  const { definition, contract } = await checkDefinition(ports, body)
  const at = ports.clock.now().toISOString()
  const id = serverId(definition.name)
  if (as && as.serverId !== id) throw misplaced(definition.name, as.serverId)
  const uid = ports.newId().toLowerCase()
  const made = { createdBy: principal.id, createdAt: at }
  const run = newRun(ports, principal, {
    serverId: id,
    serverUid: uid,
    revision: 1,
    type: 'apply',
    ...(as && { id: as.id, proposal: as.proposal }),
  })
  const server: Server = {
    format: 1,
    id,
    uid,
    name: definition.name,
    status: 'CREATING',
    revision: 1,
    groups: definition.groups,
    generation: 0,
    lastRunId: run.id,
    ...made,
    updatedAt: at,
  }
  const revision: Revision = {
    format: 1,
    serverId: id,
    serverUid: uid,
    number: 1,
    definition: { ...(body as object) },
    enabled: true,
    ...made,
  }
  const event = { writer: 'api', type: 'run.queued', message: `Server ${id} is accepted; its first run is queued.` } as const
  const stored = await storeServer(ports.store, { server, revision, run, event })
  await createSecrets(ports, server, definition)
  await startRun(ports, stored.run, 'api')
  return { server: serverView(stored.server), run: runView(stored.run), location: `${contract.publicUrl}/servers/${id}` }
}

/** A file's folder and its definition's name must mean one server. */
const misplaced = (name: string, folder: string): GantryError => {
  const message = refusal(`${show(name)}, which normalizes to ${serverId(name)}`, `a name that normalizes to the folder's, ${folder}`)
  return new GantryError('INVALID_DEFINITION', 'The definition was refused for name. Nothing was stored.', {
    errors: [{ path: 'name', message }],
  })
}
