import { isDeepStrictEqual } from 'node:util'
import type { Principal } from '../../access/principal.ts'
import { type FieldError, GantryError } from '../../schema/error-code.ts'
import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import { refusal, show } from '../../schema/refusal.ts'
import { mergePatch } from '../merge-patch.ts'
import type { ApiPorts } from '../ports.ts'
import { type Base, type Change, type Revised, reviseServer } from './revise-server.ts'

/** What PATCH and PUT carry: fields of the definition, and `enabled` beside them. */
interface Update {
  readonly fields: JsonObject
  readonly enabled: boolean | undefined
}

/** PATCH: a JSON Merge Patch over the newest definition as it was sent; `enabled` alone starts or stops. */
export function patchServer(ports: ApiPorts, principal: Principal, id: string, body: unknown, ifMatch?: string): Promise<Revised> {
  return reviseServer(ports, principal, id, { ifMatch, change: (base) => patched(base, parseUpdate(body)) })
}

/** PUT: a whole definition; without `enabled` a stopped server stays stopped. */
export function putServer(ports: ApiPorts, principal: Principal, id: string, body: unknown, ifMatch?: string): Promise<Revised> {
  return reviseServer(ports, principal, id, { ifMatch, change: (base) => replaced(base, parseUpdate(body)) })
}

function patched({ server, revision }: Base, { fields, enabled = revision.enabled }: Update): Change {
  if (Object.keys(fields).length > 0) {
    const switched = enabled !== revision.enabled
    if (switched && Object.hasOwn(fields, 'autoScalingConfig')) throw scalingApart()
    return { definition: mergePatch(revision.definition, fields), enabled, because: 'The definition was changed.' }
  }
  if (enabled === revision.enabled) throw alreadySo(server.id, enabled)
  return { definition: revision.definition, enabled, because: enabled ? 'The server starts.' : 'The server stops.' }
}

function replaced({ revision }: Base, { fields, enabled = revision.enabled }: Update): Change {
  const rescaled = !isDeepStrictEqual(fields.autoScalingConfig, revision.definition.autoScalingConfig)
  if (enabled !== revision.enabled && rescaled) throw scalingApart()
  return { definition: fields, enabled, because: 'The definition was replaced.' }
}

function parseUpdate(body: unknown): Update {
  if (!isJsonObject(body)) throw refused({ path: '', message: refusal(show(body), 'an object') })
  const { enabled, ...fields } = body
  if (enabled === undefined && Object.keys(fields).length === 0)
    throw refused({ path: '', message: refusal('no field', 'at least one: those of the definition, or enabled') })
  if (enabled !== undefined && typeof enabled !== 'boolean')
    throw refused({ path: 'enabled', message: refusal(show(enabled), 'true or false') })
  return { fields, enabled }
}

const refused = (problem: FieldError) =>
  new GantryError('INVALID_BODY', 'The update was refused. Nothing was stored.', { errors: [problem] })

const scalingApart = () =>
  refused({
    path: 'autoScalingConfig',
    message: refusal('it together with a change of enabled', 'one of the two', 'Change the scaling in an update of its own'),
  })

const alreadySo = (id: string, enabled: boolean) =>
  new GantryError(
    'WRONG_STATUS',
    `Server ${id} is ${enabled ? 'enabled' : 'disabled'} already. To apply it once more, POST /servers/${id}/runs {"type":"apply"}.`,
  )
