import { SecurityGroup as AwsSecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js'
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js'
import { Construct } from 'constructs'

type Peer =
  /** Whoever carries this very group. */
  | { readonly type: 'self' }
  | { readonly type: 'cidr'; readonly cidr: string }
  | { readonly type: 'group'; readonly securityGroupId: string }
  | { readonly type: 'prefix-list'; readonly prefixListId: string }

interface SecurityGroupRule {
  readonly description: string
  readonly peer: Peer
  /** TCP; `all` is every port and protocol. */
  readonly ports: 'all' | { readonly from: number; readonly to: number }
}

export interface SecurityGroupProps {
  readonly name: string
  readonly description: string
  readonly vpcId: string
  /** Keyed by a name that stays: it is the rule's construct id. */
  readonly ingress?: { readonly [id: string]: SecurityGroupRule }
  readonly egress?: { readonly [id: string]: SecurityGroupRule }
}

/** A security group whose rules are all here: nothing else may come in or go out. */
export class SecurityGroup extends Construct {
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id)
    const group = new AwsSecurityGroup(this, 'group', { name: props.name, description: props.description, vpcId: props.vpcId })
    this.securityGroupId = group.id
    for (const [ruleId, rule] of Object.entries(props.ingress ?? {})) {
      new VpcSecurityGroupIngressRule(this, `ingress-${ruleId}`, { securityGroupId: group.id, ...ruleConfig(rule, group.id) })
    }
    for (const [ruleId, rule] of Object.entries(props.egress ?? {})) {
      new VpcSecurityGroupEgressRule(this, `egress-${ruleId}`, { securityGroupId: group.id, ...ruleConfig(rule, group.id) })
    }
  }
}

function ruleConfig(rule: SecurityGroupRule, self: string) {
  const { description, peer, ports } = rule
  return {
    description,
    ...(ports === 'all' ? { ipProtocol: '-1' } : { ipProtocol: 'tcp', fromPort: ports.from, toPort: ports.to }),
    ...(peer.type === 'cidr' ? { cidrIpv4: peer.cidr } : {}),
    ...(peer.type === 'self' ? { referencedSecurityGroupId: self } : {}),
    ...(peer.type === 'group' ? { referencedSecurityGroupId: peer.securityGroupId } : {}),
    ...(peer.type === 'prefix-list' ? { prefixListId: peer.prefixListId } : {}),
  }
}
