import { secretsWithoutValue } from '../../aws/managed-secrets.ts'
import { managedSecrets } from '../../schema/managed-secret.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** Stops a run whose tasks could not start. Throws SECRETS_MISSING with the names that have no value. */
export async function refuseMissingSecrets({ clients, contract, server, definition }: RunContext): Promise<void> {
  const names = definition ? managedSecrets(definition) : []
  const owner = { platform: contract.platform, serverId: server.id, uid: server.uid }
  const missing = await secretsWithoutValue(clients.secrets, owner, names)
  if (missing.length === 0) return
  const calls = missing.map((name) => `PUT /servers/${server.id}/secrets/${name}`).join(', ')
  throw new RunFailure(
    'SECRETS_MISSING',
    `No value yet for ${missing.join(', ')}. Nothing was applied. Send ${calls}, then start the run again.`,
  )
}
