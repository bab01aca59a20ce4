import { Construct } from 'constructs'
import type { Edge } from '../schema/contract.ts'
import type { EdgeLink } from './edge.ts'
import { LoadBalancer } from './load-balancer.ts'
import { NlbFront } from './nlb-front.ts'
import { NlbLink } from './nlb-link.ts'
import { VpcLink } from './vpc-link.ts'

/** As long as API Gateway streams at most, so that the load balancer never ends a stream first. */
const idleTimeoutSeconds = 900

export interface PlatformEdgeProps {
  readonly name: string
  readonly edge: Edge
  readonly vpcId: string
  readonly vpcCidr: string
  readonly subnetIds: string[]
  readonly tasksSecurityGroupId: string
  readonly deletionProtection: boolean
}

/** The shared load balancer, and the platform's one way to it from API Gateway. */
export class PlatformEdge extends Construct {
  readonly link: EdgeLink
  readonly loadBalancer: LoadBalancer
  /** What a dedicated load balancer admits; only edge `alb` has dedicated ones. */
  readonly vpcLinkSecurityGroupId: string | undefined

  constructor(scope: Construct, id: string, props: PlatformEdgeProps) {
    super(scope, id)
    const { name, vpcId } = props
    if (props.edge === 'alb') {
      const vpcLink = new VpcLink(this, 'vpc-link', props)
      this.loadBalancer = this.shared(props, vpcLink.securityGroupId)
      this.vpcLinkSecurityGroupId = vpcLink.securityGroupId
      const { arn: loadBalancerArn, dnsName } = this.loadBalancer
      this.link = { edge: 'alb', vpcLinkId: vpcLink.vpcLinkId, loadBalancerArn, dnsName }
      return
    }
    const front = new NlbFront(this, 'front', props)
    this.loadBalancer = this.shared(props, front.securityGroupId)
    const nlbLink = new NlbLink(this, 'nlb-link', { name, vpcId, front, loadBalancer: this.loadBalancer })
    this.link = { edge: 'nlb', vpcLinkId: nlbLink.vpcLinkId, dnsName: front.dnsName }
  }

  private shared(props: PlatformEdgeProps, admits: string): LoadBalancer {
    return new LoadBalancer(this, 'shared', { ...props, admits, idleTimeoutSeconds, defaultAction: { type: 'not-found' } })
  }
}
