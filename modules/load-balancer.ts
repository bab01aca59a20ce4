import { Lb } from '@cdktf/provider-aws/lib/lb/index.js'
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener/index.js'
import { Construct } from 'constructs'
import { bridgePorts } from './bridge-ports.ts'
import { SecurityGroup } from './security-group.ts'

export interface LoadBalancerProps {
  readonly name: string
  readonly vpcId: string
  readonly subnetIds: string[]
  /** The one security group that may call it. */
  readonly admits: string
  readonly tasksSecurityGroupId: string
  /** Must be below the bridge's keep-alive (910 s). */
  readonly idleTimeoutSeconds: number
  readonly deletionProtection: boolean
  readonly defaultAction: { readonly type: 'not-found' } | { readonly type: 'forward'; readonly targetGroupArn: string }
}

/** An internal Application Load Balancer with one HTTP listener; it can send to tasks only. */
export class LoadBalancer extends Construct {
  readonly arn: string
  readonly arnSuffix: string
  readonly dnsName: string
  readonly listenerArn: string
  readonly listener: LbListener
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id)
    const group = new SecurityGroup(this, 'group', {
      name: `${props.name}-alb`,
      description: 'Load balancer: in from the API edge, out to tasks',
      vpcId: props.vpcId,
      ingress: { edge: { description: 'API edge', peer: { type: 'group', securityGroupId: props.admits }, ports: { from: 80, to: 80 } } },
      egress: { tasks: { description: 'tasks', peer: { type: 'group', securityGroupId: props.tasksSecurityGroupId }, ports: bridgePorts } },
    })
    const balancer = new Lb(this, 'alb', {
      name: props.name,
      internal: true,
      loadBalancerType: 'application',
      subnets: props.subnetIds,
      securityGroups: [group.securityGroupId],
      idleTimeout: props.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: props.deletionProtection,
    })
    this.listener = new LbListener(this, 'http', {
      loadBalancerArn: balancer.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [defaultAction(props.defaultAction)],
    })
    this.arn = balancer.arn
    this.arnSuffix = balancer.arnSuffix
    this.dnsName = balancer.dnsName
    this.listenerArn = this.listener.arn
    this.securityGroupId = group.securityGroupId
  }
}

function defaultAction(action: LoadBalancerProps['defaultAction']) {
  if (action.type === 'forward') return { type: 'forward', targetGroupArn: action.targetGroupArn }
  const fixedResponse = { statusCode: '404', contentType: 'application/json', messageBody: '{"status":404,"code":"NOT_FOUND"}' }
  return { type: 'fixed-response', fixedResponse }
}
