import * as z from 'zod'
import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import { managedSecretsOf } from '../../schema/managed-secret.ts'
import type { Server } from '../../schema/server.ts'
import { readRevision } from '../../store/revisions.ts'
import { authorise } from '../authorise.ts'
import type { ApiPorts } from '../ports.ts'
import { findServer } from './find-server.ts'

const longestBytes = 65_536

/** What a caller sends; errors never quote it. */
export const SecretValue = z.strictObject({
  value: z
    .string({ error: () => 'expected a string' })
    .min(1, { error: () => 'expected at least one character' })
    .refine((text) => Buffer.byteLength(text) <= longestBytes, { error: () => `expected at most ${longestBytes} bytes` }),
})

export interface PutSecret {
  readonly id: string
  readonly name: string
  readonly value: string
  /** Whether the server's tasks are replaced, so that they read the new value. */
  readonly roll: boolean
}

const rollable: readonly Server['status'][] = ['IN_SERVICE', 'FAILED']

/**
 * Writes a managed secret's value straight to Secrets Manager. Throws NOT_FOUND where the newest revision names no such managed
 * secret, and WRONG_STATUS, before anything is written, where `roll` is asked of a server without tasks to replace.
 */
export async function putSecret(ports: ApiPorts, principal: Principal, { id, name, value, roll }: PutSecret): Promise<{ rolled: boolean }> {
  authorise(principal, 'secret:write')
  const server = await findServer(ports, id)
  await refuseUnknown(ports, server, name)
  if (roll && (!rollable.includes(server.status) || server.appliedRevision === undefined)) {
    const why = `server ${id} is ${server.status}; expected ${rollable.join(' or ')} with tasks that run`
    throw new GantryError('WRONG_STATUS', `${why}. Send the value without roll: the next start of a task reads it.`)
  }
  const { platform, cluster } = await ports.contract()
  await ports.secrets.put({ platform, serverId: id, uid: server.uid }, name, value)
  if (roll) await ports.rollService({ platform, cluster: cluster.name, serverId: id })
  return { rolled: roll }
}

async function refuseUnknown(ports: ApiPorts, server: Server, name: string): Promise<void> {
  const revision = await readRevision(ports.store, server.id, server.uid, server.revision)
  const names = managedSecretsOf(revision?.definition)
  if (names.includes(name)) return
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  const shown = JSON.stringify(name.slice(0, 100))
  throw new GantryError('NOT_FOUND', `Revision ${server.revision} of ${server.id} has no managed secret ${shown}; ${known}.`)
}
