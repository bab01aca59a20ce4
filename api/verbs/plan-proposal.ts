import { createHash } from 'node:crypto'
import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Proposal } from '../../schema/review.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { proposedServer, readProposed } from '../review/read-proposed.ts'
import type { ProposalProblem, ProposedFile, ReviewProvider } from '../review/review-provider.ts'
import { createServer } from './create-server.ts'
import { openReview } from './open-review.ts'
import { type Base, reviseServer } from './revise-server.ts'

/**
 * Plans a committed definition, once a commit, and tells so where it was proposed; or answers what is wrong with it, on its
 * lines. Throws WRONG_STATUS or CONFLICT where the server cannot be changed now.
 */
export async function planProposal(
  ports: ReconcilerPorts,
  provider: ReviewProvider,
  proposal: Proposal,
  file: ProposedFile,
): Promise<ProposalProblem[]> {
  const id = runIdOf(proposal, file.path)
  if (!(await readRun(ports.store, id))) {
    const problems = await submit(ports, proposal, file, id)
    if (problems.length > 0) return problems
  }
  await openReview(ports, provider, id)
  return []
}

/** Stores the run of a proposed definition, or says what is wrong with it. */
async function submit(ports: ReconcilerPorts, proposal: Proposal, file: ProposedFile, id: string): Promise<ProposalProblem[]> {
  const read = readProposed(file)
  if (!read.ok) return read.problems
  const principal: Principal = { id: proposal.by, admin: true, groups: [] }
  const { serverId, definition } = read
  const as = { id, proposal }
  try {
    if (await readServer(ports.store, serverId)) {
      const because = `${proposal.by} proposed it in ${proposal.branch}.`
      const change = ({ revision }: Base) => ({ definition, enabled: revision.enabled, because })
      await reviseServer(ports, principal, serverId, { change, as })
    } else await createServer(ports, principal, definition, { ...as, serverId })
    return []
  } catch (error) {
    if (error instanceof GantryError && error.errors.length > 0) return read.locate(error.errors)
    throw error
  }
}

/** One run for each commit of a branch and server, however often it is seen. */
function runIdOf({ provider, branch, commit }: Proposal, path: string): string {
  const digest = createHash('sha256').update(JSON.stringify([provider, branch, commit, proposedServer(path)]))
  return digest.digest('hex').slice(0, 26)
}
