import { auditServer } from '../../aws/audit-server.ts'
import { createAwsClients } from '../../aws/clients.ts'
import { readContract } from '../../aws/contract.ts'
import { getObject } from '../../aws/objects.ts'
import { stateKey } from '../../schema/state-key.ts'
import type { SandboxDescription } from './sandbox-process.ts'

/** Everything that a sandbox's AWS still has of a server, one line each; its state object is one of them. */
export async function resourcesLeft(
  sandbox: Pick<SandboxDescription, 'region' | 'emulatorUrl'>,
  server: { id: string; uid: string },
): Promise<string[]> {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const clients = createAwsClients({ region: sandbox.region, endpoint: sandbox.emulatorUrl })
  const { contract } = await readContract(clients.ssm, 'sandbox')
  const found = await auditServer(clients, contract, server.id)
  const state = await getObject(clients.s3, contract.stateBucket, stateKey(server))
  return [...found.map(({ type, name }) => `${type} ${name}`), ...(state ? [stateKey(server)] : [])]
}
