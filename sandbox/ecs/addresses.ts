const size = 65_000

/** Only Linux lets a program listen on all of 127.0.0.0/8; elsewhere tasks differ by their ports. */
const onlyOne = process.platform !== 'linux'

export const isTaskAddress = (address: string): boolean => address.startsWith('127.64.') || address === '127.0.0.1'

/** Gives each task a loopback address of its own out of 127.64.0.0/16; a freed one comes again only after all others. */
export function createAddresses() {
  const used = new Set<number>()
  // Anywhere, so that two sandboxes on one machine seldom meet.
  let last = Math.floor(Math.random() * size)
  return {
    take(): string {
      if (onlyOne) return '127.0.0.1'
      for (let tries = 0; tries < size; tries++) {
        last = (last % size) + 1
        if (used.has(last)) continue
        used.add(last)
        return `127.64.${last >> 8}.${last & 255}`
      }
      throw new Error('every task address is in use')
    },
    free(address: string): void {
      const [, , high = 0, low = 0] = address.split('.').map(Number)
      used.delete(high * 256 + low)
    },
  }
}
export type Addresses = ReturnType<typeof createAddresses>
