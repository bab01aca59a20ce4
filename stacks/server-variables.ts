import { type ContainersProps, containers } from '../modules/containers.ts'
import { policy } from '../modules/policy.ts'
import { executionPolicy, taskPolicy } from '../modules/server-policies.ts'
import { serverId } from '../schema/names.ts'
import type { ResolvedDefinition } from '../schema/resolve-definition.ts'
import type { ServerSynthInput } from '../schema/synth-input.ts'

/** Values of declared variables: Terraform takes them literally, whatever they look like. */
export type Variables = { readonly [name: string]: unknown }

export const serverLogGroup = (platform: string, id: string): string => `/gantry/${platform}/${id}`

/** Everything of a definition that is not an identifier or a number: what `server.auto.tfvars.json` holds. */
export function serverVariables(input: ServerSynthInput & { definition: ResolvedDefinition }): Variables {
  const { definition, contract, uid } = input
  const id = serverId(definition.name)
  const props: ContainersProps = { definition, uid, serverId: id, contract, logGroup: serverLogGroup(contract.platform, id) }
  const { taskExecutionRoleArn, taskRoleArn, autoScalingConfig } = definition
  const statements = taskPolicy(props)
  return {
    containers: containers(props),
    health_path: definition.loadBalancerConfig?.healthCheckConfig.path ?? '/health',
    tags: withoutPrototype([
      ...Object.entries(definition.tags),
      ['gantry:platform', contract.platform],
      ['gantry:server', id],
      ['gantry:uid', uid],
    ]),
    ...(taskExecutionRoleArn ? { execution_role_arn: taskExecutionRoleArn } : { execution_policy: policy(executionPolicy(props)) }),
    ...(taskRoleArn ? { task_role_arn: taskRoleArn } : statements.length > 0 ? { task_policy: policy(statements) } : {}),
    ...(autoScalingConfig.namespace === undefined
      ? {}
      : { metric: { name: autoScalingConfig.metricName, namespace: autoScalingConfig.namespace } }),
  }
}

/** A map in which `__proto__` is a key like any other. */
function withoutPrototype(entries: [string, string][]): { [name: string]: string } {
  const map: { [name: string]: string } = Object.create(null)
  for (const [name, value] of entries) map[name] = value
  return map
}
