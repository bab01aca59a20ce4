import { createHash } from 'node:crypto'
import { GantryError } from '../../schema/error-code.ts'
import { readServer } from '../../store/servers.ts'
import { rememberTold, wasTold } from '../../store/told.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { proposedServer } from '../review/read-proposed.ts'
import type { ProposalProblem, ProposedChange, ProposedFile, ReviewProvider } from '../review/review-provider.ts'
import { planProposal } from './plan-proposal.ts'

/**
 * Plans the definitions that people have committed to the review repository, each commit once, and says what is wrong with
 * the others. What cannot be planned now (another run applies) is left to the next time.
 */
export async function syncProposals(ports: ReconcilerPorts, provider: ReviewProvider): Promise<void> {
  for (const change of await provider.proposals()) {
    try {
      const problems = await planAll(ports, provider, change)
      if (problems.length > 0) await refuseOnce(ports, provider, change, problems)
    } catch (error) {
      ports.log({ event: 'proposal.failed', branch: change.proposal.branch, error })
    }
  }
}

async function planAll(ports: ReconcilerPorts, provider: ReviewProvider, { proposal, files }: ProposedChange): Promise<ProposalProblem[]> {
  const problems: ProposalProblem[] = []
  const serverOf = ({ path }: ProposedFile): string => proposedServer(path) ?? path
  for (const serverId of new Set(files.map(serverOf))) {
    const ofServer = files.filter((file) => serverOf(file) === serverId)
    const [file, ...others] = ofServer.filter(({ content }) => content !== undefined)
    try {
      if (!file) problems.push(...(await sayGone(ports, serverId, ofServer)))
      else if (others.length > 0) problems.push(...[file, ...others].map(({ path }) => tooMany(path, serverId)))
      else problems.push(...(await planProposal(ports, provider, proposal, file)))
    } catch (error) {
      const waits = error instanceof GantryError && (error.code === 'WRONG_STATUS' || error.code === 'CONFLICT')
      if (!waits) ports.log({ event: 'proposal.failed', branch: proposal.branch, path: file?.path, error })
    }
  }
  return problems
}

/** A definition that goes is a deletion, which is asked for by name. */
async function sayGone(ports: ReconcilerPorts, serverId: string, files: readonly ProposedFile[]): Promise<ProposalProblem[]> {
  if (!(await readServer(ports.store, serverId))) return []
  const message = `removing it leaves server ${serverId} as it is; a server is deleted by its name (DELETE /servers/${serverId}), and its file after that`
  return files.map(({ path }) => ({ path, line: 1, message }))
}

const tooMany = (path: string, serverId: string): ProposalProblem => ({
  path,
  line: 1,
  message: `one of several definitions of server ${serverId}; expected one of definition.json, .yaml or .yml`,
})

/** Providers say it once, too, but ask the other side for that: this asks nobody again. */
async function refuseOnce(
  ports: ReconcilerPorts,
  provider: ReviewProvider,
  { proposal }: ProposedChange,
  problems: readonly ProposalProblem[],
): Promise<void> {
  const { branch, number, commit } = proposal
  const digest = createHash('sha256')
    .update(JSON.stringify([provider.name, branch, number, commit, problems]))
    .digest('hex')
  if (await wasTold(ports.store, digest)) return
  await provider.refuse(proposal, problems)
  await rememberTold(ports.store, digest)
}
