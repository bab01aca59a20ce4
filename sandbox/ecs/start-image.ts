import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs'
import type { ContainerProcess } from './container-process.ts'
import { type ContainerSurroundings, planImage } from './plan-container.ts'
import type { TaskHost } from './task-host.ts'

/** Starts a container that names no command. Throws where nothing here can run its image. */
export async function startImage(
  host: TaskHost,
  definition: TaskDefinition,
  container: ContainerDefinition,
  task: ContainerSurroundings,
): Promise<ContainerProcess> {
  const engine = await host.engine()
  if (engine) return engine.start(planImage(host, definition, container, task))
  const { name, image } = container
  const fix = 'Give the server a startCommand, which then runs on this machine, or start Docker or Podman'
  throw new Error(
    `CannotPullContainerError: neither Docker nor Podman answers here, and only the image ${image} knows what container ${name} runs. ${fix}.`,
  )
}
