/** Gives each task a loopback address of its own out of 127.64.0.0/16, the least used first; a freed one rests before it comes again. */
export function createAddresses() {
  const used = new Set<number>()
  let last = 0
  return {
    take(): string {
      for (let tries = 0; tries < 65_000; tries++) {
        last = (last % 65_000) + 1
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

export const isTaskAddress = (address: string): boolean => address.startsWith('127.64.')
