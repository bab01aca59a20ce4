import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import type { PlatformContract } from '../schema/contract.ts'
import { resourceName } from '../schema/names.ts'
import { ListenerRule } from './listener-rule.ts'
import { LoadBalancer } from './load-balancer.ts'
import { ServerRoute } from './server-route.ts'
import type { TargetGroup } from './target-group.ts'

export interface RoutingProps {
  readonly contract: PlatformContract
  readonly serverId: string
  readonly targetGroup: TargetGroup
}

/** How calls come to a server's target group. */
export interface Routing {
  /** What its tasks admit. */
  readonly securityGroupId: string
  /** `app/<name>/<id>`, as a scaling metric names a load balancer. */
  readonly loadBalancerSuffix: string
  /** What must exist before a service may register targets. */
  readonly parts: ITerraformDependable[]
}

/** A rule on the platform's load balancer, behind its one greedy route: nothing to deploy. */
export class SharedRouting extends Construct implements Routing {
  readonly securityGroupId: string
  readonly loadBalancerSuffix: string
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: RoutingProps) {
    super(scope, id)
    const { contract, serverId, targetGroup } = props
    const { listenerArn, securityGroupId, arn } = contract.sharedAlb
    const rule = new ListenerRule(this, 'rule', { listenerArn, serverId, stage: contract.api.stage, targetGroupArn: targetGroup.arn })
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

/** A load balancer and API resources of the server's own; live once the API is published. */
export class DedicatedRouting extends Construct implements Routing {
  readonly securityGroupId: string
  readonly loadBalancerSuffix: string
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: DedicatedRoutingProps) {
    super(scope, id)
    const { contract, serverId, targetGroup } = props
    const { vpcId, subnetIds, tasksSecurityGroupId } = contract.network
    const balancer = new LoadBalancer(this, 'load-balancer', {
      name: resourceName({ platform: contract.platform, serverId, maxLength: 32 }),
      vpcId,
      subnetIds,
      admits: props.admits,
      tasksSecurityGroupId,
      idleTimeoutSeconds: props.idleTimeoutSeconds,
      deletionProtection: false,
      defaultAction: { type: 'forward', targetGroupArn: targetGroup.arn },
    })
    this.addRoutes(contract, serverId, balancer)
    this.parts = [balancer.listener]
    this.securityGroupId = balancer.securityGroupId
    this.loadBalancerSuffix = balancer.arnSuffix
  }

  private addRoutes(contract: PlatformContract, serverId: string, balancer: LoadBalancer): void {
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
