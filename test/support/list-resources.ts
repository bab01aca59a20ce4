import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import { listByName } from './resources/list-by-name.ts'
import { listByTag } from './resources/list-by-tag.ts'
import { listProcesses, type SeenProcess } from './resources/list-processes.ts'
import { listStored } from './resources/list-stored.ts'
import type { SandboxDescription } from './sandbox-process.ts'

export type ListedSandbox = Pick<SandboxDescription, 'emulatorUrl' | 'region' | 'stateBucket' | 'pid'>

/** What there is of one server, asked service by service and not of Gantry. */
export interface ListedResources {
  readonly named: string[]
  readonly tagged: string[]
  /** Records, state, locks and plans; a run's timeline and readable plan stay as history. */
  readonly stored: string[]
  readonly processes: SeenProcess[]
}

export const nothing: ListedResources = { named: [], tagged: [], stored: [], processes: [] }

/** Everything in a sandbox that belongs to a server id. */
export async function listResources(sandbox: ListedSandbox, serverId: string): Promise<ListedResources> {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  const clients: AwsClients = createAwsClients({ region: sandbox.region, endpoint: sandbox.emulatorUrl })
  const [named, tagged, stored] = await Promise.all([
    listByName(clients, sandbox, serverId),
    listByTag(sandbox, serverId),
    listStored(clients, sandbox, serverId),
  ])
  return { named, tagged, stored, processes: listProcesses(sandbox.pid, serverId) }
}
