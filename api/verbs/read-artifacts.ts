import type { Principal } from '../../access/principal.ts'
import { GantryError } from '../../schema/error-code.ts'
import { PlanReview } from '../../schema/plan-review.ts'
import type { ApiPorts } from '../ports.ts'
import { getRun } from './get-run.ts'

/** The plan as Terraform prints it. */
export const readPlanText = (ports: ApiPorts, principal: Principal, runId: string): Promise<string> =>
  readPlanFile(ports, principal, runId, 'plan.txt')

export const readPlanMarkdown = (ports: ApiPorts, principal: Principal, runId: string): Promise<string> =>
  readPlanFile(ports, principal, runId, 'plan.md')

export const readPlan = async (ports: ApiPorts, principal: Principal, runId: string): Promise<PlanReview> =>
  PlanReview.parse(JSON.parse(await readPlanFile(ports, principal, runId, 'plan.json')))

async function readPlanFile(ports: ApiPorts, principal: Principal, runId: string, file: string): Promise<string> {
  const run = await getRun(ports, principal, runId)
  const text = await ports.artifacts.readText(`runs/${run.id}/${file}`)
  if (text === undefined) throw new GantryError('NOT_FOUND', `Run ${run.id} has no plan yet; it is ${run.status}.`)
  return text
}

/** The Terraform files that Gantry generated for a run, by name. */
export async function readTerraformFiles(
  ports: ApiPorts,
  principal: Principal,
  runId: string,
): Promise<{ path: string; content: string }[]> {
  const run = await getRun(ports, principal, runId)
  const prefix = `runs/${run.id}/terraform/`
  const keys = await ports.artifacts.list(prefix)
  if (keys.length === 0) throw new GantryError('NOT_FOUND', `Run ${run.id} has no generated files yet; it is ${run.status}.`)
  return Promise.all(keys.map(async (key) => ({ path: key.slice(prefix.length), content: (await ports.artifacts.readText(key)) ?? '' })))
}
