import { Construct } from 'constructs'
import { SecurityGroup } from './security-group.ts'

export interface TasksSecurityGroupProps {
  readonly name: string
  readonly vpcId: string
  readonly egress:
    | { readonly type: 'nat' }
    | { readonly type: 'none'; readonly vpcCidr: string; readonly s3PrefixListId: string }
    /** A given network: its owner decides where it leads. */
    | { readonly type: 'given' }
}

const https = { from: 443, to: 443 }

/** Every task carries it: it admits nothing, says where tasks may go, and is the only place load balancers send to. */
export class TasksSecurityGroup extends Construct {
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: TasksSecurityGroupProps) {
    super(scope, id)
    const { egress } = props
    const group = new SecurityGroup(this, 'tasks', {
      name: props.name,
      description: 'Gantry tasks: no way in but what a server adds',
      vpcId: props.vpcId,
      egress:
        egress.type === 'none'
          ? {
              endpoints: { description: 'AWS endpoints', peer: { type: 'cidr', cidr: egress.vpcCidr }, ports: https },
              s3: { description: 'S3 gateway', peer: { type: 'prefix-list', prefixListId: egress.s3PrefixListId }, ports: https },
            }
          : { all: { description: 'out', peer: { type: 'cidr', cidr: '0.0.0.0/0' }, ports: 'all' } },
    })
    this.securityGroupId = group.securityGroupId
  }
}
