import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { auditServer } from '../../aws/audit-server.ts'
import { type Adoption, adoptions } from '../adoption.ts'
import { type Project, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { readState } from '../state-base.ts'
import { terraformIn } from '../terraform-in.ts'

/** What exists under the server's names and stands in no state: a killed apply saves nothing for up to 20 seconds. */
async function findOrphans(context: RunContext, project: Project): Promise<Adoption[]> {
  // Before the first apply of a server's life nothing of it can exist.
  if (context.server.generation === 0) return []
  const [found, state, text] = await Promise.all([
    auditServer(context.clients, context.contract, context.server.id),
    readState(context),
    readFile(join(stackDirectory(project), 'cdk.tf.json'), 'utf8'),
  ])
  const { resource = {} } = JSON.parse(text) as { resource?: Parameters<typeof adoptions>[0] }
  return adoptions(resource, found, state?.addresses ?? [], context.server.id)
}

const addresses = (orphans: readonly Adoption[]): string => orphans.map(({ address }) => address).join(', ')

/** Import blocks beside the stack: the adoption is part of the plan that people review and of what is applied. */
export async function adoptByPlan(context: RunContext, project: Project): Promise<void> {
  const orphans = await findOrphans(context, project)
  if (orphans.length === 0) return
  const blocks = { import: orphans.map(({ address, importId }) => ({ to: address, id: importId })) }
  await writeFile(join(stackDirectory(project), 'adopted.tf.json'), JSON.stringify(blocks, null, 2))
  context.report.event('orphans.adopted', `An earlier run died before it saved these; the plan takes them over: ${addresses(orphans)}`, {
    orphans,
  })
}

/**
 * `terraform import`, one by one: a destroy plan ignores import blocks, and an ordinary apply before it would first make
 * what is missing. Takes the state's lock; changes nothing in AWS.
 */
export async function adoptByImport(context: RunContext, project: Project): Promise<void> {
  const orphans = await findOrphans(context, project)
  if (orphans.length === 0) return
  context.report.event(
    'orphans.adopted',
    `An earlier run died before it saved these; they are taken over to be deleted: ${addresses(orphans)}`,
    {
      orphans,
    },
  )
  for (const { address, importId } of orphans) {
    const args = ['import', '-input=false', '-no-color', '-lock-timeout=60s', address, importId]
    const { exitCode, stderr } = await terraformIn(context, project, args)
    if (exitCode !== 0) throw new RunFailure('PLAN_FAILED', `terraform import of ${importId}: ${stderr.trim()}`, { resource: address })
  }
}
