import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import type { PlatformContract } from '../schema/contract.ts'
import { resourceName } from '../schema/names.ts'
import { ListenerRule } from './listener-rule.ts'
import { LoadBalancer } from './load-balancer.ts'
import { ServerRoute } from './server-route.ts'
import { TargetGroup, type TargetGroupProps } from './target-group.ts'

export interface RoutingProps extends Pick<TargetGroupProps, 'health' | 'stickiness'> {
  readonly contract: PlatformContract
  readonly serverId: string
}

/** How calls come from a load balancer to a server's tasks. */
export interface Routing {
  readonly targetGroup: TargetGroup
  /** What its tasks admit. */
  readonly securityGroupId: string
  /** `app/<name>/<id>`, as a scaling metric names a load balancer. */
  readonly loadBalancerSuffix: string
  /** What must exist before a service may register targets. */
  readonly parts: ITerraformDependable[]
}

const targets = (scope: Construct, mode: TargetGroupProps['mode'], props: RoutingProps): TargetGroup => {
  const { contract, serverId, health, stickiness } = props
  const { platform, network } = contract
  return new TargetGroup(scope, 'targets', { platform, serverId, vpcId: network.vpcId, mode, health, stickiness })
}

/** A rule on the platform's load balancer, behind its one greedy route: nothing to deploy. */
export class SharedRouting extends Construct implements Routing {
  readonly targetGroup: TargetGroup
  readonly securityGroupId: string
  readonly loadBalancerSuffix: string
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: RoutingProps) {
    super(scope, id)
    const { contract, serverId } = props
    const { listenerArn, securityGroupId, arn } = contract.sharedAlb
    this.targetGroup = targets(this, 'shared', props)
    const targetGroupArn = this.targetGroup.arn
    const rule = new ListenerRule(this, 'rule', { listenerArn, serverId, stage: contract.api.stage, targetGroupArn })
    this.parts = [rule.resource]
    this.securityGroupId = securityGroupId
    this.loadBalancerSuffix = arn.split(':loadbalancer/')[1] ?? ''
  }
}

export interface DedicatedRoutingProps extends RoutingProps {
  readonly idleTimeoutSeconds: number
  /** The security group of the platform's VPC link. */
  readonly admits: string
}

/** A load balancer of the server's own; calls come to it by `DedicatedRoutes`. */
export class DedicatedRouting extends Construct implements Routing {
  readonly targetGroup: TargetGroup
  readonly balancer: LoadBalancer
  readonly securityGroupId: string
  readonly loadBalancerSuffix: string
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: DedicatedRoutingProps) {
    super(scope, id)
    const { contract, serverId } = props
    const { vpcId, subnetIds, tasksSecurityGroupId } = contract.network
    this.targetGroup = targets(this, 'dedicated', props)
    this.balancer = new LoadBalancer(this, 'load-balancer', {
      name: resourceName({ platform: contract.platform, serverId, maxLength: 32 }),
      vpcId,
      subnetIds,
      admits: props.admits,
      tasksSecurityGroupId,
      idleTimeoutSeconds: props.idleTimeoutSeconds,
      deletionProtection: false,
      defaultAction: { type: 'forward', targetGroupArn: this.targetGroup.arn },
    })
    this.parts = [this.balancer.listener]
    this.securityGroupId = this.balancer.securityGroupId
    this.loadBalancerSuffix = this.balancer.arnSuffix
  }
}

/** API resources of the server's own in front of its load balancer; live once the API is published. */
export class DedicatedRoutes extends Construct {
  constructor(scope: Construct, id: string, props: { contract: PlatformContract; serverId: string; balancer: LoadBalancer }) {
    super(scope, id)
    const { contract, serverId, balancer } = props
    const { id: restApiId, mcpResourceId, authorizerId, vpcLinkId } = contract.api
    const resource = (key: string, parentId: string, pathPart: string) =>
      new ApiGatewayResource(this, key, { restApiId, parentId, pathPart }).id
    const serverResourceId = resource('server', mcpResourceId, serverId)
    const belowId = resource('below-server', serverResourceId, '{proxy+}')
    const link = { edge: 'alb' as const, vpcLinkId, loadBalancerArn: balancer.arn, dnsName: balancer.dnsName }
    const common = { restApiId, authorizerId, link }
    new ServerRoute(this, 'server-route', { ...common, resourceId: serverResourceId, path: `/mcp/${serverId}`, pathParameters: [] })
    new ServerRoute(this, 'below-server-route', {
      ...common,
      resourceId: belowId,
      path: `/mcp/${serverId}/{proxy}`,
      pathParameters: ['proxy'],
    })
  }
}
