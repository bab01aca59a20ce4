import type { Principal } from '../../access/principal.ts'
import type { Definition } from '../../schema/definition.ts'
import { GantryError } from '../../schema/error-code.ts'
import { refusal, show } from '../../schema/refusal.ts'
import type { Revision } from '../../schema/revision.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { createRevision, nextRevision } from '../../store/create-revision.ts'
import { readRevision } from '../../store/revisions.ts'
import { authorise } from '../authorise.ts'
import { matchesRevision, revisionTag } from '../etag.ts'
import type { ApiPorts } from '../ports.ts'
import { type RunView, runView, type ServerView, serverView } from '../views.ts'
import { checkDefinition } from './check-definition.ts'
import { createSecrets } from './create-secrets.ts'
import { dropPlan } from './drop-plan.ts'
import { findServer } from './find-server.ts'
import { newRun } from './new-run.ts'
import { startRun } from './start-run.ts'

/** What the next revision is to be; `because` is a sentence for the run's first event. */
export interface Change {
  readonly definition: unknown
  readonly enabled: boolean
  readonly because: string
}

export interface Base {
  readonly server: Server
  /** The newest one. */
  readonly revision: Revision
}

export interface ReviseOptions {
  /** The If-Match header: throws PRECONDITION_FAILED where another revision came since. */
  readonly ifMatch?: string | undefined
  readonly change: (base: Base) => Change | Promise<Change>
  /** Of a definition that somebody committed: its run's id, and where it lies. */
  readonly as?: Required<Pick<Run, 'id' | 'proposal'>>
}

export interface Revised {
  readonly server: ServerView
  readonly run: RunView
  readonly location: string
  readonly etag: string
}

const mostAttempts = 5

/**
 * Makes a server's next revision from the newest one and starts the run that applies it; where another change was faster,
 * the change is made again from what that left. Throws NOT_FOUND, WRONG_STATUS, PRECONDITION_FAILED, INVALID_DEFINITION.
 */
export async function reviseServer(ports: ApiPorts, principal: Principal, id: string, options: ReviseOptions): Promise<Revised> {
  authorise(principal, 'server:update')
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await revise(ports, principal, id, options)
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'CONFLICT') || attempt === mostAttempts) throw error
    }
  }
}

async function revise(ports: ApiPorts, principal: Principal, id: string, { ifMatch, change, as }: ReviseOptions): Promise<Revised> {
  const server = await findServer(ports, id)
  if (ifMatch !== undefined && !matchesRevision(ifMatch, server)) throw changedSince(server)
  const base = await readRevision(ports.store, id, server.uid, server.revision)
  if (!base) throw new GantryError('CONFLICT', `server ${id} changed while it was read`)
  const { definition, enabled, because } = await change({ server, revision: base })
  const checked = await checkNext(ports, { server, base, definition, enabled })
  const number = nextRevision(server)
  const run = newRun(ports, principal, { serverId: id, serverUid: server.uid, revision: number, type: 'apply', ...as })
  const revision: Revision = {
    format: 1,
    serverId: id,
    serverUid: server.uid,
    number,
    definition: { ...(definition as object) },
    enabled,
    createdBy: principal.id,
    createdAt: run.createdAt,
  }
  const event = { writer: 'api', type: 'run.queued', message: `${because} Revision ${number} of server ${id} is queued.` } as const
  const stored = await createRevision(ports.store, { revision, base: base.number, run, event, groups: checked?.groups ?? server.groups })
  await Promise.all([dropPlan(ports, server.lastRunId), createSecrets(ports, server, definition)])
  await startRun(ports, stored.run, 'api')
  const { publicUrl } = await ports.contract()
  const location = `${publicUrl}/runs/${run.id}`
  return { server: serverView(stored.server), run: runView(stored.run), location, etag: `"${revisionTag(stored.server)}"` }
}

/** A stop needs no definition that today's schema accepts. */
async function checkNext(
  ports: ApiPorts,
  { server, base, definition, enabled }: { server: Server; base: Revision; definition: unknown; enabled: boolean },
): Promise<Definition | undefined> {
  if (definition === base.definition && !enabled) return undefined
  const checked = await checkDefinition(ports, definition)
  if (checked.definition.name === server.name) return checked.definition
  const message = refusal(show(checked.definition.name), `${show(server.name)}: a name cannot change`, 'Host another server')
  throw new GantryError('INVALID_DEFINITION', 'The definition was refused for name. Nothing was stored.', {
    errors: [{ path: 'name', message }],
  })
}

const changedSince = (server: Server) =>
  new GantryError(
    'PRECONDITION_FAILED',
    `Server ${server.id} has revision ${server.revision}, made since you read it. Read it again and repeat the change.`,
  )
