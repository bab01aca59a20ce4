import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { Construct } from 'constructs'
import { SecurityGroup } from './security-group.ts'

/** What a task asks of AWS when it starts and while it runs. */
const services = ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm']

export interface NetworkEndpointsProps {
  readonly name: string
  readonly region: string
  readonly vpcId: string
  readonly vpcCidr: string
  readonly subnetIds: string[]
  readonly routeTableId: string
  /** `none`: tasks reach AWS only through interface endpoints. `nat`: only the S3 gateway, which costs nothing. */
  readonly egress: 'nat' | 'none'
}

/** The ways from private subnets to AWS's own services. */
export class NetworkEndpoints extends Construct {
  readonly s3PrefixListId: string

  constructor(scope: Construct, id: string, props: NetworkEndpointsProps) {
    super(scope, id)
    const { name, region, vpcId } = props
    const s3 = new VpcEndpoint(this, 's3', {
      vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [props.routeTableId],
      tags: { Name: `${name}-s3` },
    })
    this.s3PrefixListId = s3.prefixListId
    if (props.egress === 'none') this.addInterfaces(props)
  }

  private addInterfaces(props: NetworkEndpointsProps): void {
    const group = new SecurityGroup(this, 'group', {
      name: `${props.name}-endpoints`,
      description: 'AWS endpoints: HTTPS from inside the network',
      vpcId: props.vpcId,
      ingress: { https: { description: 'HTTPS', peer: { type: 'cidr', cidr: props.vpcCidr }, ports: { from: 443, to: 443 } } },
    })
    for (const service of services) {
      new VpcEndpoint(this, service.replace('.', '-'), {
        vpcId: props.vpcId,
        serviceName: `com.amazonaws.${props.region}.${service}`,
        vpcEndpointType: 'Interface',
        subnetIds: props.subnetIds,
        securityGroupIds: [group.securityGroupId],
        privateDnsEnabled: true,
        tags: { Name: `${props.name}-${service}` },
      })
    }
  }
}
