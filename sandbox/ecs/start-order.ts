import type { ContainerDefinition } from '@aws-sdk/client-ecs'

/** Containers in an order in which every one comes after those it depends on. Throws where there is none, or one names a stranger. */
export function startOrder(containers: readonly ContainerDefinition[]): ContainerDefinition[] {
  const byName = new Map(containers.map((container) => [container.name ?? '', container]))
  const ordered = new Set<ContainerDefinition>()
  const visit = (container: ContainerDefinition, behind: readonly string[]): void => {
    const name = container.name ?? ''
    if (behind.includes(name)) throw new Error(`the containers' dependencies form a circle: ${[...behind, name].join(' → ')}`)
    for (const dependency of container.dependsOn ?? []) {
      const other = byName.get(dependency.containerName ?? '')
      if (other === undefined) throw new Error(`container ${name} depends on ${dependency.containerName}, which the task does not have`)
      visit(other, [...behind, name])
    }
    ordered.add(container)
  }
  for (const container of containers) visit(container, [])
  return [...ordered]
}
