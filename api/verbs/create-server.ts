import type { Principal } from '../../access/principal.ts'
import { serverId } from '../../schema/names.ts'
import type { Revision } from '../../schema/revision.ts'
import type { Server } from '../../schema/server.ts'
import { createServer as storeServer } from '../../store/create-server.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView, type ServerView, serverView } from '../views.ts'
import { checkDefinition } from './check-definition.ts'
import { createSecrets } from './create-secrets.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/** Takes a definition, claims its name and starts the run that makes it live. Throws INVALID_DEFINITION or NAME_TAKEN. */
export async function createServer(
  ports: ApiPorts,
  principal: Principal,
  body: unknown,
): Promise<{ server: ServerView; run: RunView; location: string }> {
  authorise(principal, 'server:create')
  const { definition, contract } = await checkDefinition(ports, body)
  const at = ports.clock.now().toISOString()
  const id = serverId(definition.name)
  const uid = ports.newId().toLowerCase()
  const made = { createdBy: principal.id, createdAt: at }
  const run = newRun(ports, principal, { serverId: id, serverUid: uid, revision: 1, type: 'apply' })
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
