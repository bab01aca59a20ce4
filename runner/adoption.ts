import type { FoundResource } from '../aws/audit-server.ts'

type Attributes = Readonly<Record<string, unknown>>
type Configuration = Readonly<Record<string, Readonly<Record<string, Attributes>>>>

/** A resource that exists in AWS under a name of ours, and where the configuration has it. */
export interface Adoption {
  readonly address: string
  readonly importId: string
}

const reference = /^\$\{([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}$/

interface Scope {
  readonly configuration: Configuration
  readonly serverId: string
}

/** The attributes of the resource that an attribute such as `${aws_iam_role.x.name}` points to. */
function target(scope: Scope, value: unknown): Attributes | undefined {
  const match = typeof value === 'string' ? reference.exec(value) : null
  return match?.[1] && match[2] ? scope.configuration[match[1]]?.[match[2]] : undefined
}

/** A literal, or what the configuration says of the attribute that it refers to. */
function literal(scope: Scope, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const attribute = reference.exec(value)?.[3]
  if (!attribute) return value.includes('${') ? undefined : value
  return literal(scope, target(scope, value)?.[attribute])
}

function routePath(scope: Scope, resource: Attributes | undefined): string | undefined {
  const part = literal(scope, resource?.path_part)
  if (!part) return undefined
  const parent = routePath(scope, target(scope, resource?.parent_id))
  return `${parent ?? '/mcp'}/${part}`
}

const methodName = (scope: Scope, attributes: Attributes): string | undefined => {
  const path = routePath(scope, target(scope, attributes.resource_id))
  const parts = [path, literal(scope, attributes.http_method), literal(scope, attributes.status_code)]
  return path && parts.filter(Boolean).join(' ')
}

const ruleName = (scope: Scope, attributes: Attributes): string | undefined => {
  const group = target(scope, attributes.security_group_id)
  return group && `${literal(scope, group.name)} ${literal(scope, attributes.description) ?? ''}`
}

const ownName = (scope: Scope, attributes: Attributes): string | undefined => literal(scope, attributes.name)

/** How the audit would name a resource of the configuration; types that are not here are made anew, not adopted. */
const auditName: Readonly<Record<string, (scope: Scope, attributes: Attributes) => string | undefined>> = {
  aws_ecs_service: ownName,
  aws_cloudwatch_log_group: ownName,
  aws_secretsmanager_secret: ownName,
  aws_iam_role: ownName,
  aws_iam_role_policy: (scope, attributes) => {
    const role = target(scope, attributes.role)
    return role && `${literal(scope, role.name)}:${literal(scope, attributes.name)}`
  },
  aws_lb_target_group: ownName,
  aws_lb: ownName,
  aws_lb_listener: (scope, attributes) => literal(scope, target(scope, attributes.load_balancer_arn)?.name),
  aws_lb_listener_rule: ({ serverId }) => `/mcp/${serverId}`,
  aws_security_group: ownName,
  aws_vpc_security_group_ingress_rule: ruleName,
  aws_vpc_security_group_egress_rule: ruleName,
  aws_appautoscaling_target: (scope, attributes) => scalableResource(scope, attributes.resource_id),
  aws_appautoscaling_policy: ownName,
  aws_api_gateway_resource: routePath,
  aws_api_gateway_method: methodName,
  aws_api_gateway_method_response: methodName,
  aws_api_gateway_integration: methodName,
  aws_api_gateway_integration_response: methodName,
}

/** `service/<cluster>/${aws_ecs_service.x.name}` */
function scalableResource(scope: Scope, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return value.replace(/\$\{[^}]+\}/g, (part) => literal(scope, part) ?? part)
}

/** The found resources that the configuration has and the state does not: what died before its state was saved. */
export function adoptions(
  configuration: Configuration,
  found: readonly FoundResource[],
  stateAddresses: readonly string[],
  serverId: string,
): Adoption[] {
  const scope = { configuration, serverId }
  const known = new Set(stateAddresses)
  const ids = new Map(found.map(({ type, name, importId }) => [`${type} ${name}`, importId]))
  return Object.entries(configuration).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, attributes]) => {
      const address = `${type}.${name}`
      const importId = ids.get(`${type} ${auditName[type]?.(scope, attributes)}`)
      return importId && !known.has(address) ? [{ address, importId }] : []
    }),
  )
}
