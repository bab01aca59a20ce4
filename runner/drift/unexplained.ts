import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import { readJsonText } from './json-text.ts'
import type { FoundResource } from './shown-refresh.ts'

/** What is on a resource and is no resource of the server's own: somebody else put it there, and no apply takes it away. */
export interface Unexplained {
  readonly address: string
  readonly type: string
  readonly attribute: string
  readonly found: readonly unknown[]
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])
const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])

/** Rules of security groups and policies of roles, read from everything that was found, whatever the state has noted before. */
export function unexplained(all: readonly FoundResource[]): Unexplained[] {
  const of = (type: string): FoundResource[] => all.filter((resource) => resource.type === type)
  const lists = [
    ...of('aws_security_group').flatMap((group) => [
      list(group, 'ingress', unknownRules(group.values, 'ingress', of('aws_vpc_security_group_ingress_rule'))),
      list(group, 'egress', unknownRules(group.values, 'egress', of('aws_vpc_security_group_egress_rule'))),
    ]),
    ...of('aws_iam_role').flatMap((role) => [
      list(role, 'inline_policy', unknownPolicies(role.values, of('aws_iam_role_policy'))),
      list(role, 'managed_policy_arns', unknownAttachments(role.values, of('aws_iam_role_policy_attachment'))),
    ]),
  ]
  return lists.filter(({ found }) => found.length > 0)
}

const list = ({ address, type }: FoundResource, attribute: string, found: readonly unknown[]): Unexplained => ({
  address,
  type,
  attribute,
  found,
})

function unknownPolicies(role: JsonObject, policies: readonly FoundResource[]): unknown[] {
  const known = policies.filter(({ values }) => values.role === role.name).map(({ values }) => values.name)
  const extra = objects(role.inline_policy).filter(({ name }) => !known.includes(name))
  return extra.map(({ name, policy }) => ({ name, policy: readJsonText(policy) }))
}

function unknownAttachments(role: JsonObject, attachments: readonly FoundResource[]): string[] {
  const known = attachments.filter(({ values }) => values.role === role.name).map(({ values }) => values.policy_arn)
  return texts(role.managed_policy_arns).filter((arn) => !known.includes(arn))
}

interface Rule {
  readonly protocol: string
  readonly from_port?: number
  readonly to_port?: number
  readonly peer: string
}

const rule = (protocol: unknown, from: unknown, to: unknown, peer: string): Rule => ({
  protocol: String(protocol),
  // All protocols: AWS has no ports, and the provider writes them down in two ways.
  ...(String(protocol) !== '-1' && { from_port: Number(from), to_port: Number(to) }),
  peer,
})

/** One entry of a group stands for several rules: one for each peer. */
const rulesOf = (entry: JsonObject): Rule[] =>
  [
    ...['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'security_groups'].flatMap((name) => texts(entry[name])),
    ...(entry.self === true ? ['self'] : []),
  ].map((peer) => rule(entry.protocol, entry.from_port, entry.to_port, peer))

function peerOf(values: JsonObject): string {
  const { cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_security_group_id: group, security_group_id: own } = values
  // A group of another account comes as `account/group`.
  const peer = typeof group === 'string' ? (group.split('/').at(-1) ?? group) : (cidr_ipv4 ?? cidr_ipv6 ?? prefix_list_id)
  return peer === own ? 'self' : String(peer)
}

function unknownRules(group: JsonObject, direction: 'ingress' | 'egress', rules: readonly FoundResource[]): Rule[] {
  const known = rules
    .filter(({ values }) => values.security_group_id === group.id)
    .map(({ values }) => JSON.stringify(rule(values.ip_protocol, values.from_port, values.to_port, peerOf(values))))
  return objects(group[direction])
    .flatMap(rulesOf)
    .filter((found) => !known.includes(JSON.stringify(found)))
}
