import { isJsonObject, type JsonObject } from '../../schema/json-object.ts'
import { attributesOf, blocksOf, textsOf } from './attributes-of.ts'
import { coversNetwork } from './covers-network.ts'

/** One source that a security group lets in on some ports. */
export interface Ingress {
  /** A CIDR block, the id of a security group or a prefix list, or `unknown`. */
  readonly source: string
  /** The security group itself whose ingress this is; absent while it does not exist. */
  readonly group?: string
  readonly protocol: string
  readonly from: number
  readonly to: number
}

const everyPort = { from: 0, to: 65_535 }

/** What a resource of the given type lets in; `unknown` is Terraform's mask of what only the apply will tell. */
export function ingressOf(type: string, values: unknown, unknown?: unknown): Ingress[] {
  const [attributes, later] = [attributesOf(values), attributesOf(unknown)]
  if (type === 'aws_vpc_security_group_ingress_rule') return ruleIngress(attributes, later, attributes.security_group_id)
  if (type === 'aws_security_group_rule' && attributes.type === 'ingress') {
    return ruleIngress(attributes, later, attributes.security_group_id)
  }
  if (type !== 'aws_security_group' && type !== 'aws_default_security_group') return []
  if (later.ingress === true) return isJsonObject(values) && attributes.id ? [whole('unknown', attributes.id)] : []
  const masks = Array.isArray(later.ingress) ? later.ingress : []
  return blocksOf(attributes.ingress).flatMap((block, index) => ruleIngress(block, attributesOf(masks[index]), attributes.id))
}

const whole = (source: string, group: unknown): Ingress => ({ source, ...named(group), protocol: '-1', ...everyPort })
const named = (group: unknown): { group?: string } => (typeof group === 'string' ? { group } : {})

function ruleIngress(rule: JsonObject, later: JsonObject, group: unknown): Ingress[] {
  const protocol = String(rule.ip_protocol ?? rule.protocol ?? '-1')
  const numbered = ['tcp', 'udp', '6', '17'].includes(protocol) && typeof rule.from_port === 'number' && typeof rule.to_port === 'number'
  const ports = numbered ? { from: Number(rule.from_port), to: Number(rule.to_port) } : everyPort
  return sourcesOf(rule, later, group).map((source) => ({ source, ...named(group), protocol, ...ports }))
}

const single = ['cidr_ipv4', 'cidr_ipv6', 'referenced_security_group_id', 'prefix_list_id', 'source_security_group_id']
const many = ['cidr_blocks', 'ipv6_cidr_blocks', 'security_groups', 'prefix_list_ids']
/** A security group that is not known yet is one that this plan makes: it is the server's own. */
const unknownNetworks = ['cidr_ipv4', 'cidr_ipv6', 'cidr_blocks', 'ipv6_cidr_blocks']

function sourcesOf(rule: JsonObject, later: JsonObject, group: unknown): string[] {
  const known = [...single.map((name) => rule[name]), ...many.flatMap((name) => textsOf(rule[name]))]
  const unknown = unknownNetworks.some((name) => JSON.stringify(later[name])?.includes('true')) ? ['unknown'] : []
  const self = rule.self === true && typeof group === 'string' ? [group] : []
  return [...known.filter((source) => typeof source === 'string' && source !== ''), ...unknown, ...self] as string[]
}

/** Whether one lets in all that the other does, into the same security group. */
export function coversIngress(wide: Ingress, narrow: Ingress): boolean {
  const source = wide.source === narrow.source || coversNetwork(wide.source, narrow.source)
  const protocol = wide.protocol === '-1' || wide.protocol === narrow.protocol
  const sameGroup = wide.group !== undefined && wide.group === narrow.group
  return sameGroup && source && protocol && wide.from <= narrow.from && wide.to >= narrow.to
}

export const isWholeInternet = ({ source }: Ingress): boolean => source === '0.0.0.0/0' || source === '::/0'

export function describeIngress({ source, protocol, from, to }: Ingress): string {
  const who = source === 'unknown' ? 'a source known only after the apply' : source
  if (protocol === '-1') return `${who} on every port and protocol`
  return `${who} on ${protocol} ${from === to ? `port ${from}` : `ports ${from}-${to}`}`
}
