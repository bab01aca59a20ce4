/** One stack in Terraform's JSON syntax, as CDKTF writes it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>
}
type Block = Readonly<Record<string, unknown>> & { readonly lifecycle?: { readonly ignore_changes?: readonly string[] } }

/** The stack with no task, as synthesis would make it of a stopped server: everything stays but what starts tasks. */
export function withoutTasks<Stack extends StackJson>(stack: Stack): Stack {
  const kept = Object.entries(stack.resource ?? {}).filter(([type]) => !type.startsWith('aws_appautoscaling_'))
  const resource = Object.fromEntries(kept.map(([type, blocks]) => [type, type === 'aws_ecs_service' ? stopped(blocks) : blocks]))
  return { ...stack, resource }
}

const stopped = (services: Readonly<Record<string, Block>>) =>
  Object.fromEntries(
    // Autoscaling's count is ignored while it acts; now the count must be taken.
    Object.entries(services).map(([id, { lifecycle: _, ...service }]) => [id, { ...service, desired_count: 0 }]),
  )
