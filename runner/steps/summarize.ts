import type { SavedPlan } from '../../schema/run.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'
import { type Project, planFile, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

type Counts = SavedPlan['counts']
type PlannedAction = keyof Counts | 'import'

interface PlannedChange {
  readonly address: string
  readonly action: PlannedAction
}

export interface PlanSummary {
  readonly counts: Counts
  readonly changes: readonly PlannedChange[]
}

interface ShownPlan {
  readonly resource_changes?: readonly ShownChange[]
}

interface ShownChange {
  readonly address: string
  readonly mode: string
  readonly change: { readonly actions: readonly string[]; readonly importing?: unknown }
}

const actionOf = ({ change: { actions, importing } }: ShownChange): PlannedAction | undefined => {
  if (actions.includes('create') && actions.includes('delete')) return 'replace'
  const single = (['create', 'update', 'delete'] as const).find((action) => actions.includes(action))
  return single ?? (importing ? 'import' : undefined)
}

/** Counts and changes of a plan from `terraform show -json`; its values are not kept. */
function summaryOf(shown: ShownPlan): PlanSummary {
  const changes = (shown.resource_changes ?? []).flatMap((change) => {
    const action = change.mode === 'managed' ? actionOf(change) : undefined
    return action ? [{ address: change.address, action }] : []
  })
  const count = (action: PlannedAction): number => changes.filter((change) => change.action === action).length
  return { changes, counts: { create: count('create'), update: count('update'), delete: count('delete'), replace: count('replace') } }
}

export async function summarize(context: RunContext, project: Project): Promise<PlanSummary> {
  const { done } = startTerraform({
    terraform: context.config.programs.terraform,
    args: ['show', '-json', planFile],
    cwd: stackDirectory(project),
    env: context.terraformEnvironment,
    signal: context.signal,
  })
  const { exitCode, stdout, stderr } = await done
  context.signal.throwIfAborted()
  if (exitCode !== 0) throw new RunFailure('PLAN_FAILED', `terraform show ended with exit code ${exitCode}: ${stderr.trim()}`)
  return summaryOf(JSON.parse(stdout) as ShownPlan)
}
