import type { Risk } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import { attributesOf, blocksOf } from './attributes-of.ts'
import { coversIngress, describeIngress, type Ingress, ingressOf, isWholeInternet } from './ingress.ts'
import type { ShownChange } from './shown-plan.ts'

export interface ExposureScope {
  /** What the state lets in before the plan. */
  readonly before: readonly Ingress[]
  /** Security groups whose members may always come: the platform's and the server's own. */
  readonly trusted: ReadonlySet<string>
  /** Nothing of the server exists yet: only what is open to everybody counts. */
  readonly first: boolean
}

/** Who can reach something after the plan and cannot before it. */
export function exposure(shown: ShownChange, scope: ExposureScope): Risk[] {
  const action = plannedAction(shown)
  if (!action || action === 'delete') return []
  const of = (message: string, details: string[]): Risk[] =>
    details.length > 0 ? [{ kind: 'exposure', address: shown.address, message, details }] : []
  return [
    ...of('A security group lets in more than before.', wideIngress(shown, scope)),
    ...of('A method of the API can be called in another way than before.', openMethod(shown)),
    ...(scope.first ? [] : of('It can be reached from more places than before.', openNetwork(shown))),
  ]
}

function wideIngress({ type, change }: ShownChange, { before, trusted, first }: ExposureScope): string[] {
  const wider = ingressOf(type, change.after, change.after_unknown).filter((ingress) => !before.some((one) => coversIngress(one, ingress)))
  const isKnown = ({ group, source }: Ingress): boolean => before.some((one) => one.group === group && one.source === source)
  const counts = (ingress: Ingress): boolean => (first ? isWholeInternet(ingress) : !trusted.has(ingress.source) || isKnown(ingress))
  return wider.filter(counts).map((ingress) => `lets in ${describeIngress(ingress)}`)
}

function openMethod({ type, change }: ShownChange): string[] {
  const [before, after] = [attributesOf(change.before), attributesOf(change.after)]
  const isMethod = type === 'aws_api_gateway_method' && after.http_method !== 'OPTIONS'
  if (!isMethod && type !== 'aws_apigatewayv2_route') return []
  const [was, is] = [before.authorization ?? before.authorization_type, after.authorization ?? after.authorization_type]
  if (is === 'NONE' && was !== 'NONE') return [`authorization ${was ? `${was} → ` : ''}NONE: whoever finds it may call it`]
  const another = before.authorizer_id && after.authorizer_id !== before.authorizer_id
  return another ? [`authorizer ${before.authorizer_id} → ${after.authorizer_id ?? 'one known only after the apply'}`] : []
}

function openNetwork({ type, change }: ShownChange): string[] {
  const [before, after] = [attributesOf(change.before), attributesOf(change.after)]
  if (type === 'aws_lb' && after.internal === false && before.internal !== false) return ['the load balancer faces the internet']
  if (type === 'aws_lb_listener' && isPlain(after.protocol) && before.protocol && !isPlain(before.protocol)) {
    return [`the listener speaks ${after.protocol} instead of ${before.protocol}: calls are not encrypted any more`]
  }
  const isPublic = (side: typeof after): boolean =>
    blocksOf(side.network_configuration).some((network) => network.assign_public_ip === true)
  return type === 'aws_ecs_service' && isPublic(after) && !isPublic(before) ? ['tasks get public IP addresses'] : []
}

const isPlain = (protocol: unknown): boolean => protocol === 'HTTP' || protocol === 'TCP'
