import { crc32 } from 'node:zlib'

const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const endOfCentral = 0x06054b50
/** 1980-01-01, the first day a zip can tell: the archive must not depend on when it was made. */
const date = 0x0021
const regularFile = (0o100644 << 16) >>> 0

/** A zip of one file, stored uncompressed: the same bytes on every machine and zlib. */
export function zip(name: string, content: Buffer): Buffer {
  const fileName = Buffer.from(name)
  const about = Buffer.alloc(26)
  about.writeUInt16LE(20, 0)
  about.writeUInt16LE(date, 8)
  about.writeUInt32LE(crc32(content), 10)
  about.writeUInt32LE(content.length, 14)
  about.writeUInt32LE(content.length, 18)
  about.writeUInt16LE(fileName.length, 22)
  const local = Buffer.concat([uint32(localHeader), about, fileName, content])
  const attributes = Buffer.alloc(14)
  attributes.writeUInt32LE(regularFile, 6)
  const central = Buffer.concat([uint32(centralHeader), Buffer.from([20, 3]), about, attributes, fileName])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, uint32(endOfCentral), end])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
