import type { JsonObject } from '../../schema/json-object.ts'
import { attributesOf, textsOf } from './attributes-of.ts'
import type { Amount, Priced } from './monthly-cost.ts'
import type { ShownResource } from './shown-plan.ts'

/** A service's tasks for a month, at the least that autoscaling keeps; nothing where its task definition is not known. */
export function fargateAmount(service: ShownResource, side: Priced): Amount | undefined {
  const { hoursPerMonth, prices } = side.file
  const task = taskDefinitionOf(service, side)
  if (!task) return undefined
  const { tasks, said } = taskCount(service, side)
  const architecture = architectureOf(task)
  const [vcpus, gigabytes] = [Number(task.cpu) / 1024, Number(task.memory) / 1024]
  if (!Number.isFinite(vcpus) || !Number.isFinite(gigabytes)) return undefined
  const [cpuPrice, memoryPrice] = [prices.fargateVcpuHour[architecture], prices.fargateGbHour[architecture]]
  const perTask = `(${vcpus} vCPU × $${cpuPrice} + ${gigabytes} GB × $${memoryPrice})`
  return {
    dollars: tasks * hoursPerMonth * (vcpus * cpuPrice + gigabytes * memoryPrice),
    basis: `${said} × ${hoursPerMonth} h × ${perTask}, ${architecture}`,
  }
}

function architectureOf({ runtime_platform: platforms }: JsonObject): 'ARM64' | 'X86_64' {
  const [platform] = Array.isArray(platforms) ? platforms : []
  return attributesOf(platform).cpu_architecture === 'ARM64' ? 'ARM64' : 'X86_64'
}

/** By its ARN where that is known, else by what the configuration refers to, else the only one there is. */
function taskDefinitionOf(service: ShownResource, { shown, resources }: Priced): JsonObject | undefined {
  const all = resources.filter(({ type }) => type === 'aws_ecs_task_definition')
  const arn = attributesOf(service.values).task_definition
  const configured = shown.configuration?.root_module?.resources?.find(({ address }) => address === service.address)
  const references = textsOf(attributesOf(configured?.expressions?.task_definition).references)
  const found =
    all.find(({ values }) => typeof arn === 'string' && values?.arn === arn) ??
    all.find(({ address }) => references.includes(address)) ??
    (all.length === 1 ? all[0] : undefined)
  return found?.values
}

function taskCount(service: ShownResource, { resources }: Priced): { tasks: number; said: string } {
  const { name, desired_count: desired } = attributesOf(service.values)
  const target = resources.find(
    ({ type, values }) => type === 'aws_appautoscaling_target' && String(values?.resource_id).split('/')[2] === name,
  )
  const { min_capacity: least, max_capacity: most } = attributesOf(target?.values)
  if (typeof least !== 'number') return plural(typeof desired === 'number' ? desired : 1)
  const counted = plural(least)
  return most === least ? counted : { ...counted, said: `${counted.said} (the least of ${least} to ${most})` }
}

const plural = (tasks: number): { tasks: number; said: string } => ({ tasks, said: `${tasks} ${tasks === 1 ? 'task' : 'tasks'}` })
