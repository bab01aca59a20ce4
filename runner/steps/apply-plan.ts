import { putObject } from '../../aws/objects.ts'
import type { SavedPlan } from '../../schema/run.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'
import { packFiles } from '../archive.ts'
import type { Project } from '../project.ts'
import { appliedKey, type RunContext } from '../run-context.ts'
import { deploy } from './deploy.ts'
import { initialize } from './initialize.ts'
import { openArtifact, refuseChangedWorld } from './open-artifact.ts'
import { projectFiles } from './save-artifact.ts'

/** Opens what was reviewed and applies exactly that. */
export async function applyPlan(context: RunContext, plan: SavedPlan): Promise<void> {
  const { report } = context
  const [project, version] = await report.step('open', 'The saved plan is opened', () =>
    Promise.all([openArtifact(context, plan), terraformVersion(context)]),
  )
  // cdktf takes a second or two to start: meanwhile the directory is made ready, and the guard waits for it.
  const makeReady = () => report.step('ready', 'Everything is compared with what was reviewed', () => prepare(context, project, plan))
  await report.step('apply', 'Terraform applies the saved plan', () => deploy(context, { project, plan, version, makeReady }))
}

async function terraformVersion({ config, directory, terraformEnvironment: env }: RunContext): Promise<string> {
  const { done } = startTerraform({ terraform: config.programs.terraform, args: ['version', '-json'], cwd: directory, env })
  return JSON.stringify(JSON.parse((await done).stdout))
}

async function prepare(context: RunContext, project: Project, plan: SavedPlan): Promise<void> {
  await initialize(context, project, { locked: true })
  // Whatever becomes of this apply, a delete finds the files that can undo it.
  if (context.current.run.type === 'apply') await keepAppliedFiles(context, project)
  await refuseChangedWorld(context, plan)
  context.current.applied = true
}

async function keepAppliedFiles(context: RunContext, project: Project): Promise<void> {
  const { clients, contract, server } = context
  const files = await packFiles(project.directory, await projectFiles(project))
  await putObject(clients.s3, contract.stateBucket, appliedKey(server), files, 'application/gzip')
}
