import { Lb } from '@cdktf/provider-aws/lib/lb/index.js'
import { Construct } from 'constructs'
import { SecurityGroup } from './security-group.ts'

export interface NlbFrontProps {
  readonly name: string
  readonly vpcId: string
  readonly vpcCidr: string
  readonly subnetIds: string[]
  readonly deletionProtection: boolean
}

/** Edge `nlb`: the Network Load Balancer that a VPC link v1 can reach. `NlbLink` puts the ALB behind it. */
export class NlbFront extends Construct {
  readonly arn: string
  readonly dnsName: string
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: NlbFrontProps) {
    super(scope, id)
    const group = new SecurityGroup(this, 'group', {
      name: `${props.name}-nlb`,
      description: 'NLB: from the VPC link to the shared load balancer',
      vpcId: props.vpcId,
      egress: { http: { description: 'load balancer', peer: { type: 'cidr', cidr: props.vpcCidr }, ports: { from: 80, to: 80 } } },
    })
    const balancer = new Lb(this, 'nlb', {
      name: `${props.name}-nlb`,
      internal: true,
      loadBalancerType: 'network',
      subnets: props.subnetIds,
      securityGroups: [group.securityGroupId],
      // Only the VPC link can reach it, and its traffic carries no address a rule could name.
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
      enableDeletionProtection: props.deletionProtection,
    })
    this.arn = balancer.arn
    this.dnsName = balancer.dnsName
    this.securityGroupId = group.securityGroupId
  }
}
