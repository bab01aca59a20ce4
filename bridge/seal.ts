import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Where a session is kept. */
export type Place = {
  /** The task's IPv4 address, and the port of its bridge. */
  host: string
  port: number
  /** Drawn anew at each start of a bridge, as hexadecimal: an address may come again. */
  boot: string
  /** What the server itself calls the session; empty where the bridge keeps it. */
  own: string
}

export type Seal = {
  /** A session id that names this place, to bridges with the same key and for this caller only. */
  close(place: Place, sub: string): string
  /** The place that an id names; undefined where it is not genuine, or another caller's. */
  open(id: string, sub: string): Place | undefined
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
const placeBytes = 14

export const drawBoot = (): string => randomBytes(8).toString('hex')

/** Makes session ids that nobody without the server's secret can read or forge. */
export function createSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'gantry session id', 32))
  return {
    close: (place, sub) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(sub))
      const sealed = Buffer.concat([nonce, cipher.update(encode(place)), cipher.final()])
      return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open: (id, sub) => {
      const bytes = Buffer.from(id, 'base64url')
      // The decoder passes over what it does not know: only the spelling that was given out is an id.
      if (bytes.length < nonceBytes + placeBytes + tagBytes || bytes.toString('base64url') !== id) return undefined
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(sub)).setAuthTag(bytes.subarray(-tagBytes))
      const plain = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      try {
        decipher.final()
      } catch {
        return undefined
      }
      return decode(plain)
    },
  }
}

function encode({ host, port, boot, own }: Place): Buffer {
  const bytes = Buffer.alloc(placeBytes + own.length)
  bytes.set(host.split('.').map(Number))
  bytes.writeUInt16BE(port, 4)
  bytes.write(boot, 6, 'hex')
  bytes.write(own, placeBytes, 'latin1')
  return bytes
}

function decode(bytes: Buffer): Place {
  return {
    host: bytes.subarray(0, 4).join('.'),
    port: bytes.readUInt16BE(4),
    boot: bytes.toString('hex', 6, placeBytes),
    own: bytes.toString('latin1', placeBytes),
  }
}
