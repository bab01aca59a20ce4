const newline = 0x0a

/**
 * Makes a sink for chunks that calls `onLine` for each line, without its newline.
 * A line longer than `maxBytes` comes in pieces, each but the last with `cut` set. Chunks are joined once a line, never again for each chunk.
 * The sink tells how many bytes of an unfinished line it holds.
 */
export function createLineSplitter(maxBytes: number, onLine: (line: Buffer, cut: boolean) => void): (chunk: Buffer) => number {
  let parts: Buffer[] = []
  let size = 0
  const flush = (last: Buffer, cut: boolean) => {
    const line = parts.length === 0 ? last : Buffer.concat([...parts, last])
    parts = []
    size = 0
    onLine(line, cut)
  }
  return (chunk) => {
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      flush(chunk.subarray(from, at), false)
      from = at + 1
    }
    if (from === chunk.length) return size
    const rest = chunk.subarray(from)
    if (size + rest.length > maxBytes) {
      flush(rest, true)
      return size
    }
    parts.push(rest)
    size += rest.length
    return size
  }
}
