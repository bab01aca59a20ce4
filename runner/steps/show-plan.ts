import { type Project, planFile } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { planFailure, showPlanFile, terraformIn } from '../terraform-in.ts'

/** Plans without the state's lock and answers `terraform show -json` of it. */
export async function showPlan<T>(context: RunContext, project: Project, mode: readonly string[]): Promise<T> {
  const planned = await terraformIn(context, project, ['plan', ...mode, '-input=false', '-lock=false', '-json', `-out=${planFile}`])
  if (planned.exitCode !== 0) throw planFailure('plan', planned)
  return showPlanFile(context, project, planFile)
}
