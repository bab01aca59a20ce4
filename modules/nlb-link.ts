import { ApiGatewayVpcLink } from '@cdktf/provider-aws/lib/api-gateway-vpc-link/index.js'
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener/index.js'
import { LbListenerRule } from '@cdktf/provider-aws/lib/lb-listener-rule/index.js'
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js'
import { LbTargetGroupAttachment } from '@cdktf/provider-aws/lib/lb-target-group-attachment/index.js'
import { Construct } from 'constructs'
import type { LoadBalancer } from './load-balancer.ts'
import type { NlbFront } from './nlb-front.ts'

/** An NLB takes only 200-399 for an answer, and the shared ALB's default is 404: so it has a path of its own. */
const healthPath = '/-/alb'

export interface NlbLinkProps {
  readonly name: string
  readonly vpcId: string
  readonly front: NlbFront
  readonly loadBalancer: LoadBalancer
}

/** Edge `nlb`: VPC link v1 → NLB → target group of type `alb` → the shared ALB. */
export class NlbLink extends Construct {
  readonly vpcLinkId: string

  constructor(scope: Construct, id: string, props: NlbLinkProps) {
    super(scope, id)
    const { front, loadBalancer } = props
    const health = new LbListenerRule(this, 'health', {
      listenerArn: loadBalancer.listenerArn,
      condition: [{ pathPattern: { values: [healthPath] } }],
      action: [{ type: 'fixed-response', fixedResponse: { statusCode: '200', contentType: 'text/plain', messageBody: 'ok' } }],
    })
    const group = new LbTargetGroup(this, 'target-group', {
      name: `${props.name}-alb`,
      targetType: 'alb',
      protocol: 'TCP',
      port: 80,
      vpcId: props.vpcId,
      healthCheck: { protocol: 'HTTP', path: healthPath, matcher: '200-399' },
    })
    const target = new LbTargetGroupAttachment(this, 'target', {
      targetGroupArn: group.arn,
      targetId: loadBalancer.arn,
      port: 80,
      dependsOn: [loadBalancer.listener, health],
    })
    const listener = new LbListener(this, 'listener', {
      loadBalancerArn: front.arn,
      port: 80,
      protocol: 'TCP',
      defaultAction: [{ type: 'forward', targetGroupArn: group.arn }],
    })
    const link = new ApiGatewayVpcLink(this, 'link', { name: props.name, targetArns: [front.arn], dependsOn: [target, listener] })
    this.vpcLinkId = link.id
  }
}
