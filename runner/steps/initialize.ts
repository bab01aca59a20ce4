import { errorMessage, firstError } from '../../terraform/diagnostics.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'
import { type Project, stackDirectory } from '../project.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** `terraform init`; `locked` refuses any provider but the ones of the lock file that came with the plan. */
export async function initialize(context: RunContext, project: Project, options: { locked: boolean }): Promise<void> {
  const { done } = startTerraform({
    terraform: context.config.programs.terraform,
    args: ['init', '-json', '-input=false', ...(options.locked ? ['-lockfile=readonly'] : [])],
    cwd: stackDirectory(project),
    env: context.terraformEnvironment,
    signal: context.signal,
  })
  const { exitCode, stdout, stderr } = await done
  context.signal.throwIfAborted()
  if (exitCode === 0) return
  const error = firstError(stdout.split('\n'))
  throw new RunFailure('PLAN_FAILED', error ? errorMessage(error) : `terraform init ended with exit code ${exitCode}: ${stderr.trim()}`)
}
