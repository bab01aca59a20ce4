import { managedSecretsOf } from '../../schema/managed-secret.ts'
import type { Server } from '../../schema/server.ts'
import type { ApiPorts } from '../ports.ts'

/**
 * Makes the managed secrets that a definition (as it was sent) names, without values. One that cannot be made now is no refusal: setting its value
 * makes it too, and until then the run says what is missing.
 */
export async function createSecrets(
  ports: Pick<ApiPorts, 'contract' | 'secrets' | 'log'>,
  server: Pick<Server, 'id' | 'uid'>,
  definition: unknown,
): Promise<void> {
  const { platform } = await ports.contract()
  const owner = { platform, serverId: server.id, uid: server.uid }
  for (const name of managedSecretsOf(definition)) {
    await ports.secrets
      .create(owner, name)
      .catch((error: unknown) => ports.log({ event: 'secret.not-made', serverId: server.id, name, error }))
  }
}
