import { createHash } from 'node:crypto'
import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Proposal } from '../../schema/review.ts'
import { readReview } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { proposedServer, readProposed } from '../review/read-proposed.ts'
import type { ProposalProblem, ProposedFile, ReviewProvider } from '../review/review-provider.ts'
import { createServer } from './create-server.ts'
import { openReview } from './open-review.ts'
import { type Base, reviseServer } from './revise-server.ts'

/**
 * Plans the definitions that people have committed to the review repository, each commit once, and says what is wrong with
 * the others. What cannot be planned now (another run applies) is left to the next time.
 */
export async function syncProposals(ports: ReconcilerPorts, provider: ReviewProvider): Promise<void> {
  for (const { proposal, files } of await provider.proposals()) {
    for (const file of files) {
      try {
        await plan(ports, provider, proposal, file)
      } catch (error) {
        const waits = error instanceof GantryError && (error.code === 'WRONG_STATUS' || error.code === 'CONFLICT')
        if (!waits) ports.log({ event: 'proposal.failed', branch: proposal.branch, path: file.path, error })
      }
    }
  }
}

async function plan(ports: ReconcilerPorts, provider: ReviewProvider, proposal: Proposal, file: ProposedFile): Promise<void> {
  const id = runIdOf(proposal, file.path)
  const known = await readRun(ports.store, id)
  if (known) {
    if (!(await readReview(ports.store, id))) await openReview(ports, provider, known)
    return
  }
  // A definition that goes is a deletion, which is asked for by name: DELETE /servers/{id}.
  if (file.content === undefined) return
  const problems = await submit(ports, proposal, file, id)
  if (problems.length === 0) {
    const run = await readRun(ports.store, id)
    if (run) await openReview(ports, provider, run)
    return
  }
  await provider.refuse(proposal, problems)
}

/** Stores the run of a proposed definition, or says what is wrong with it, on its lines. */
async function submit(ports: ReconcilerPorts, proposal: Proposal, file: ProposedFile, id: string): Promise<ProposalProblem[]> {
  const read = readProposed(file)
  if (!read.ok) return read.problems
  const principal: Principal = { id: proposal.by, admin: true, groups: [] }
  const { serverId, definition } = read
  try {
    const as = { id, proposal }
    if (await readServer(ports.store, serverId)) {
      const change = ({ revision }: Base) => ({
        definition,
        enabled: revision.enabled,
        because: `${proposal.by} proposed it in ${proposal.branch}.`,
      })
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
