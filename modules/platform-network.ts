import { Construct } from 'constructs'
import type { PlatformNetwork as NetworkInput } from '../schema/platform-input.ts'
import { Network } from './network.ts'
import { NetworkEndpoints } from './network-endpoints.ts'
import { TasksSecurityGroup } from './tasks-security-group.ts'

export interface PlatformNetworkProps {
  readonly name: string
  readonly region: string
  readonly availabilityZones?: readonly string[]
  readonly network: NetworkInput
  readonly egress: 'nat' | 'none'
}

/** The network tasks live in, made here or given, and the security group that every task carries. */
export class PlatformNetwork extends Construct {
  readonly vpcId: string
  readonly vpcCidr: string
  readonly subnetIds: string[]
  readonly tasksSecurityGroupId: string

  constructor(scope: Construct, id: string, props: PlatformNetworkProps) {
    super(scope, id)
    const { name, region, egress } = props
    const tasksName = `${name}-tasks`
    if (props.network.type === 'given') {
      const { vpcId, cidr, subnetIds } = props.network
      const tasks = new TasksSecurityGroup(this, 'tasks', { name: tasksName, vpcId, egress: { type: 'given' } })
      this.vpcId = vpcId
      this.vpcCidr = cidr
      this.subnetIds = subnetIds
      this.tasksSecurityGroupId = tasks.securityGroupId
      return
    }
    const availabilityZones = props.availabilityZones ?? [`${region}a`, `${region}b`]
    const network = new Network(this, 'vpc', { name, cidr: props.network.cidr, availabilityZones, egress })
    const endpoints = new NetworkEndpoints(this, 'endpoints', { ...network, name, region, vpcCidr: network.cidr, egress })
    const tasks = new TasksSecurityGroup(this, 'tasks', {
      name: tasksName,
      vpcId: network.vpcId,
      egress: egress === 'nat' ? { type: 'nat' } : { type: 'none', vpcCidr: network.cidr, s3PrefixListId: endpoints.s3PrefixListId },
    })
    this.vpcId = network.vpcId
    this.vpcCidr = network.cidr
    this.subnetIds = network.subnetIds
    this.tasksSecurityGroupId = tasks.securityGroupId
  }
}
