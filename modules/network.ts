import { Eip } from '@cdktf/provider-aws/lib/eip/index.js'
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js'
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js'
import { Route } from '@cdktf/provider-aws/lib/route/index.js'
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js'
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js'
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import { Fn } from 'cdktf'
import { Construct } from 'constructs'

export interface NetworkProps {
  readonly name: string
  readonly cidr: string
  readonly availabilityZones: readonly string[]
  /** `nat`: one NAT gateway for all zones (cheap; a zone's loss can take egress with it). `none`: no way out. */
  readonly egress: 'nat' | 'none'
}

/** A VPC with one private subnet a zone; tasks and load balancers live only there. */
export class Network extends Construct {
  readonly vpcId: string
  readonly cidr: string
  readonly subnetIds: string[]
  readonly routeTableId: string

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id)
    const named = (part: string) => ({ tags: { Name: `${props.name}-${part}` } })
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.name },
    })
    const routes = new RouteTable(this, 'private-routes', { vpcId: vpc.id, ...named('private') })
    this.subnetIds = props.availabilityZones.map((availabilityZone, index) => {
      const cidrBlock = Fn.cidrsubnet(props.cidr, 4, index)
      const subnet = new Subnet(this, `private-${index}`, { vpcId: vpc.id, availabilityZone, cidrBlock, ...named(`private-${index}`) })
      new RouteTableAssociation(this, `private-${index}-routes`, { subnetId: subnet.id, routeTableId: routes.id })
      return subnet.id
    })
    if (props.egress === 'nat') this.addNat(props, vpc, routes)
    this.vpcId = vpc.id
    this.cidr = props.cidr
    this.routeTableId = routes.id
  }

  private addNat(props: NetworkProps, vpc: Vpc, privateRoutes: RouteTable): void {
    const tags = { Name: `${props.name}-public` }
    const internet = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags })
    const routes = new RouteTable(this, 'public-routes', { vpcId: vpc.id, tags })
    new Route(this, 'public-default', { routeTableId: routes.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: internet.id })
    const cidrBlock = Fn.cidrsubnet(props.cidr, 4, 15)
    const subnet = new Subnet(this, 'public', { vpcId: vpc.id, availabilityZone: props.availabilityZones[0], cidrBlock, tags })
    new RouteTableAssociation(this, 'public-association', { subnetId: subnet.id, routeTableId: routes.id })
    const address = new Eip(this, 'nat-address', { domain: 'vpc', tags })
    const nat = new NatGateway(this, 'nat', { allocationId: address.id, subnetId: subnet.id, dependsOn: [internet], tags })
    new Route(this, 'private-default', { routeTableId: privateRoutes.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.id })
  }
}
