import { countRestResources, countRules, mostRestResources, mostRules } from '../../aws/edge-room.ts'
import type { PlannedChange } from '../../schema/plan-review.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

/** Stops a run whose routes would be above AWS's limits, which Terraform meets only when half of it is made. Throws NO_ROOM. */
export async function refuseWithoutRoom(
  { clients, contract }: Pick<RunContext, 'clients' | 'contract'>,
  changes: readonly Pick<PlannedChange, 'action' | 'type'>[],
): Promise<void> {
  const created = (type: string): number => changes.filter((change) => change.action === 'create' && change.type === type).length
  const [rules, resources] = [created('aws_lb_listener_rule'), created('aws_api_gateway_resource')]
  const has = {
    rules: rules > 0 ? await countRules(clients.loadBalancing, contract.sharedAlb.listenerArn) : 0,
    resources: resources > 0 ? await countRestResources(clients.apiGateway, contract.api.id) : 0,
  }
  if (rules > 0 && has.rules + rules > mostRules) {
    const message = `The shared load balancer has ${has.rules} rules, and AWS allows ${mostRules}.`
    throw noRoom(message, 'Set loadBalancer.mode to dedicated, or delete a shared server.')
  }
  if (resources > 0 && has.resources + resources > mostRestResources) {
    const message = `The REST API has ${has.resources} resources, this plan adds ${resources}, and AWS allows ${mostRestResources}.`
    throw noRoom(message, 'Set loadBalancer.mode to shared, or delete a dedicated server.')
  }
}

const noRoom = (message: string, fix: string) => new RunFailure('NO_ROOM', `${message} Nothing was applied. ${fix}`)
