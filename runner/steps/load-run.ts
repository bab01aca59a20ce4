import type { AwsClients } from '../../aws/clients.ts'
import { readContract } from '../../aws/contract.ts'
import type { Definition } from '../../schema/definition.ts'
import { parseDefinition } from '../../schema/parse-definition.ts'
import type { Revision } from '../../schema/revision.ts'
import type { Run } from '../../schema/run.ts'
import type { Server } from '../../schema/server.ts'
import { readRevision } from '../../store/revisions.ts'
import { readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { RunFailure } from '../run-failure.ts'

/** Everything a run is about, read from where it is kept: the caller gave nothing but the run's id. */
export async function loadRun(store: StoreContext, clients: AwsClients, platform: string, run: Run) {
  const [server, revision, { contract, sha256 }] = await Promise.all([
    readServer(store, run.serverId),
    readRevision(store, run.serverId, run.serverUid, run.revision),
    readContract(clients.ssm, platform),
  ])
  if (server?.uid !== run.serverUid) throw new RunFailure('INTERNAL', `This life of server ${run.serverId} (${run.serverUid}) is over.`)
  if (!revision) throw new RunFailure('INTERNAL', `Revision ${run.revision} of server ${run.serverId} does not exist.`)
  return {
    server,
    definition: storedDefinition(run, server, revision),
    enabled: revision.enabled,
    contract,
    contractSha256: sha256,
  }
}

function storedDefinition(run: Run, server: Server, { definition, enabled }: Revision): Definition | undefined {
  const parsed = parseDefinition(definition)
  if (parsed.ok) return parsed.definition
  // A delete and a stop work on the files last applied, verify on what runs: a revision that today's schema refuses must not be in their way.
  if (run.type !== 'apply' || !enabled) return undefined
  const problems = parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new RunFailure('SYNTH_FAILED', `Revision ${run.revision} of ${server.id} is not valid any more: ${problems}`)
}
