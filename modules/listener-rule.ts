import { LbListenerRule } from '@cdktf/provider-aws/lib/lb-listener-rule/index.js'
import { Construct } from 'constructs'

export interface ListenerRuleProps {
  readonly listenerArn: string
  readonly serverId: string
  readonly stage: string
  readonly targetGroupArn: string
}

/** One server's paths on a shared listener. No priority: the provider takes the next free one and retries. */
export class ListenerRule extends Construct {
  readonly resource: LbListenerRule

  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id)
    const path = `/mcp/${props.serverId}`
    // Whether API Gateway puts the stage in front is not settled by its documentation.
    const values = [path, `${path}/*`, `/${props.stage}${path}`, `/${props.stage}${path}/*`]
    this.resource = new LbListenerRule(this, 'rule', {
      listenerArn: props.listenerArn,
      condition: [{ pathPattern: { values } }],
      action: [{ type: 'forward', targetGroupArn: props.targetGroupArn }],
    })
  }
}
