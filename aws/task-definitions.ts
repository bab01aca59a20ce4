import { DeleteTaskDefinitionsCommand, DeregisterTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs'
import { listTaskDefinitions } from './audit/find-tasks.ts'

const mostInOneCall = 10

/** Deregisters and deletes every task definition of a family; returns how many. */
export async function deleteTaskDefinitions(ecs: ECSClient, family: string): Promise<number> {
  const arns = await listTaskDefinitions(ecs, family)
  for (const taskDefinition of arns) await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }))
  for (let start = 0; start < arns.length; start += mostInOneCall) {
    await ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: arns.slice(start, start + mostInOneCall) }))
  }
  return arns.length
}
