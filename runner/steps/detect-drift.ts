import { GantryError } from '../../schema/error-code.ts'
import { finishDrift } from '../../store/finish-drift.ts'
import type { FoundDrift } from '../../store/fit-drift.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { adoptPatch } from '../drift/adopt-patch.ts'
import { type Drifted, driftOf } from '../drift/drift-of.ts'
import { markWhatStays, type ShownPlan } from '../drift/mark-what-stays.ts'
import type { ShownRefresh } from '../drift/shown-refresh.ts'
import type { Project } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { appliedProject } from './applied-project.ts'
import { initialize } from './initialize.ts'
import { showPlan } from './show-plan.ts'

const mostInEvent = 100

/** Compares what was last applied with what is. Takes no lock and no lease, and changes nothing but what is said of the server. */
export async function detectDrift(context: RunContext): Promise<void> {
  const { report, definition } = context
  const project = await report.step('open', 'The files last applied are opened', () => openApplied(context))
  await report.step('init', 'Terraform gets its provider and backend', () => initialize(context, project, { locked: true }))
  const { drifted, ignored } = await report.step('refresh', 'Terraform compares what was applied with what is', async () =>
    driftOf(await showPlan<ShownRefresh>(context, project, ['-refresh-only']), definition),
  )
  const judged = drifted.length > 0 ? await judge(context, project, drifted) : []
  const changes = judged.map(({ change }) => change)
  await tellAndFinish(context, { changes, ignored, adopt: definition && adoptPatch(judged, definition) })
}

async function openApplied(context: RunContext): Promise<Project> {
  const project = await appliedProject(context)
  if (!project) throw new RunFailure('PLAN_FAILED', `The files last applied for server ${context.server.id} are gone. Apply it once more.`)
  return project
}

/** Only where something has drifted: what would an apply make of it? */
const judge = (context: RunContext, project: Project, drifted: readonly Drifted[]): Promise<Drifted[]> =>
  context.report.step('judge', 'Terraform plans what an apply would change back', async () =>
    markWhatStays(drifted, await showPlan<ShownPlan>(context, project, [])),
  )

const sentence = ({ changes, ignored }: FoundDrift): string => {
  const rest = ignored.length > 0 ? `; ${ignored.length} differences are none, each for a reason` : ''
  return changes.length > 0 ? `${changes.length} things are not as they were applied${rest}` : `Everything is as it was applied${rest}`
}

async function tellAndFinish({ report, store, server, current }: RunContext, found: FoundDrift): Promise<void> {
  const changes = found.changes.slice(0, mostInEvent).map(({ before: _, after: __, ...change }) => change)
  const counts = { changed: found.changes.length, ignored: found.ignored.length }
  report.event('drift.compared', sentence(found), { counts, changes, ignored: found.ignored.slice(0, mostInEvent) })
  await report.flush()
  try {
    current.run = await finishDrift(store, { run: current.run, server, found })
  } catch (error) {
    if (!(error instanceof GantryError)) throw error
    const message = 'Another run began to change the server while this one compared it: what was found is dropped. Ask again after it.'
    report.event('drift.overtaken', message, { reason: error.message })
    await report.flush()
    current.run = await transitionRun(store, current.run, 'CANCELLED')
  }
}
