import { BlockList, isIP } from 'node:net'

/** Whether a CIDR block holds another one; false where either is none. */
export function coversNetwork(wide: string, narrow: string): boolean {
  const [outer, inner] = [parse(wide), parse(narrow)]
  if (!outer || !inner || outer.family !== inner.family || outer.bits > inner.bits) return false
  const list = new BlockList()
  list.addSubnet(outer.address, outer.bits, outer.family)
  return list.check(inner.address, inner.family)
}

function parse(cidr: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length = ''] = cidr.split('/')
  const version = isIP(address)
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : -1
  if (version === 0 || bits < 0 || bits > (version === 4 ? 32 : 128)) return undefined
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}
