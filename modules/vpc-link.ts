import { Apigatewayv2VpcLink } from '@cdktf/provider-aws/lib/apigatewayv2-vpc-link/index.js'
import { Construct } from 'constructs'
import { SecurityGroup } from './security-group.ts'

export interface VpcLinkProps {
  readonly name: string
  readonly vpcId: string
  readonly vpcCidr: string
  readonly subnetIds: string[]
}

/** Edge `alb`: a VPC link v2, which reaches any load balancer of the network, dedicated ones included. */
export class VpcLink extends Construct {
  readonly vpcLinkId: string
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: VpcLinkProps) {
    super(scope, id)
    const group = new SecurityGroup(this, 'group', {
      name: `${props.name}-link`,
      description: 'VPC link: from API Gateway to load balancers',
      vpcId: props.vpcId,
      egress: { http: { description: 'load balancers', peer: { type: 'cidr', cidr: props.vpcCidr }, ports: { from: 80, to: 80 } } },
    })
    const link = new Apigatewayv2VpcLink(this, 'link', {
      name: props.name,
      subnetIds: props.subnetIds,
      securityGroupIds: [group.securityGroupId],
    })
    this.vpcLinkId = link.id
    this.securityGroupId = group.securityGroupId
  }
}
