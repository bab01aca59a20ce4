import type { Project } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { planFailure, terraformIn } from '../terraform-in.ts'

/** `terraform init`; `locked` refuses any provider but the ones of the lock file that came with the plan. */
export async function initialize(context: RunContext, project: Project, options: { locked: boolean }): Promise<void> {
  const args = ['init', '-json', '-input=false', ...(options.locked ? ['-lockfile=readonly'] : [])]
  const result = await terraformIn(context, project, args)
  if (result.exitCode !== 0) throw planFailure('init', result)
}
