import { crc32 } from 'node:zlib'

const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const endOfCentral = 0x06054b50
/** 1980-01-01, the first day a zip can tell: the archive must not depend on when it was made. */
const date = 0x0021
const regularFile = (0o100644 << 16) >>> 0

export interface ZipEntry {
  readonly name: string
  readonly content: Buffer
}

/** A zip of these files in this order, stored uncompressed: the same bytes on every machine and zlib. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const about = description(entry)
    const local = Buffer.concat([uint32(localHeader), about, Buffer.from(entry.name), entry.content])
    centrals.push(Buffer.concat([uint32(centralHeader), Buffer.from([20, 3]), about, attributes(offset), Buffer.from(entry.name)]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, central, uint32(endOfCentral), end])
}

/** What the local and the central header say alike. */
function description({ name, content }: ZipEntry): Buffer {
  const about = Buffer.alloc(26)
  about.writeUInt16LE(20, 0)
  about.writeUInt16LE(date, 8)
  about.writeUInt32LE(crc32(content), 10)
  about.writeUInt32LE(content.length, 14)
  about.writeUInt32LE(content.length, 18)
  about.writeUInt16LE(Buffer.byteLength(name), 22)
  return about
}

function attributes(offset: number): Buffer {
  const bytes = Buffer.alloc(14)
  bytes.writeUInt32LE(regularFile, 6)
  bytes.writeUInt32LE(offset, 10)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
