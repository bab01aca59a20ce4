import type { Risk } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import { attributesOf } from './attributes-of.ts'
import type { ShownChange } from './shown-plan.ts'

/** What a call passes on its way to a task; how it fails while there is none. */
const onTheWay: Readonly<Record<string, string>> = {
  aws_ecs_service: 'no task runs',
  aws_lb: 'there is no load balancer',
  aws_lb_listener: 'the load balancer answers nothing',
  aws_lb_listener_rule: 'the load balancer does not know its paths',
  aws_lb_target_group: 'the load balancer has nowhere to send calls',
  aws_api_gateway_resource: 'the API does not know its paths',
  aws_api_gateway_method: 'the API does not know its methods',
  aws_api_gateway_integration: 'the API has nowhere to send calls',
}

/** Ways into a server: while one of them stays, another may go. */
const waysIn = ['aws_lb_listener_rule', 'aws_lb_listener']

/** When calls to the server fail because of the plan itself. */
export function downtime(changes: readonly ShownChange[]): Risk[] {
  const gone = changes.filter((shown) => shown.type === 'aws_ecs_service' && plannedAction(shown) === 'delete')
  if (gone.length > 0) return gone.map((shown) => risk(shown, 'The service is deleted: calls to the server fail from then on.'))
  const hasOtherWay = changes.some((shown) => waysIn.includes(shown.type) && !['delete', 'replace'].includes(plannedAction(shown) ?? ''))
  return changes.flatMap((shown) => downtimeOf(shown, hasOtherWay))
}

function downtimeOf(shown: ShownChange, hasOtherWay: boolean): Risk[] {
  const action = plannedAction(shown)
  const what = onTheWay[shown.type]
  if (!what) return []
  if (stops(shown)) return [risk(shown, 'No task is to run any more: calls to the server fail until it is started.')]
  if (action === 'delete' && !hasOtherWay) return [risk(shown, `It is deleted: ${what} from then on.`)]
  const createdFirst = shown.change.actions[0] === 'create'
  if (action === 'replace' && !createdFirst) return [risk(shown, `It goes before its replacement comes: ${what} meanwhile.`)]
  if (action === 'replace' && !shown.type.startsWith('aws_lb')) return [risk(shown, `It is replaced: ${what} until the new one is ready.`)]
  return []
}

function stops({ type, change }: ShownChange): boolean {
  const [before, after] = [attributesOf(change.before).desired_count, attributesOf(change.after).desired_count]
  return type === 'aws_ecs_service' && typeof before === 'number' && before > 0 && after === 0
}

const risk = ({ address }: ShownChange, message: string): Risk => ({ kind: 'downtime', address, message, details: [] })
