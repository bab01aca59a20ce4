import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import type { ContainerProcess } from './container-process.ts'
import { type Deferred, defer } from './deferred.ts'

/** One container of a task, as far as it has come. */
export interface ContainerState {
  readonly definition: ContainerDefinition
  status: 'PENDING' | 'RUNNING' | 'STOPPED'
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'
  exitCode?: number
  reason?: string
  process?: ContainerProcess
  readonly started: Deferred<void>
  readonly healthy: Deferred<void>
  /** Undefined where it never ran. */
  readonly ended: Deferred<number | undefined>
}

export function containerState(definition: ContainerDefinition): ContainerState {
  return { definition, status: 'PENDING', health: 'UNKNOWN', started: defer(), healthy: defer(), ended: defer() }
}

/** ECS's default is essential. */
export const isEssential = (container: ContainerState): boolean => container.definition.essential ?? true

/** Resolves when all that a container depends on has come as far as it must; rejects when it no longer can. */
export async function dependenciesMet(container: ContainerState, all: readonly ContainerState[]): Promise<void> {
  await Promise.all(
    (container.definition.dependsOn ?? []).map(async ({ containerName, condition }) => {
      const other = all.find((candidate) => candidate.definition.name === containerName)
      if (other === undefined) throw new Error(`container ${containerName} does not exist`)
      const reached = condition === 'START' ? other.started : condition === 'HEALTHY' ? other.healthy : undefined
      const outcome = await Promise.race([...(reached ? [reached.promise.then(() => 'reached' as const)] : []), other.ended.promise])
      if (outcome === 'reached' || (condition === 'COMPLETE' && outcome !== undefined) || (condition === 'SUCCESS' && outcome === 0)) return
      const exited = outcome === undefined ? 'never ran' : `exited with code ${outcome}`
      throw new Error(`container ${containerName} ${exited}, and container ${container.definition.name} waits for its ${condition}`)
    }),
  )
}
