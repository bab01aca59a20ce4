import { createLineSplitter } from '../stdio/split-lines.ts'

export type EventSink = {
  /** `data` on one line: a line break in JSON stands between tokens only. */
  onEvent: (name: string, data: Buffer) => void
  /** A line or an event longer than the limit came. */
  onTooLarge: () => void
}

const carriageReturn = 0x0d
const space = 0x20
const dataField = Buffer.from('data:')
const eventField = Buffer.from('event:')

/** Makes a sink for the bytes of an event stream, which tells how many bytes of an unfinished event it holds. */
export function createEventParser(maxBytes: number, { onEvent, onTooLarge }: EventSink): (chunk: Buffer) => number {
  let name = 'message'
  let data: Buffer[] = []
  let size = 0
  const split = createLineSplitter(maxBytes, (bytes, cut) => {
    if (cut) return onTooLarge()
    const line = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes
    if (line.length > 0) {
      if (begins(line, dataField)) {
        size += line.length
        if (size > maxBytes) return onTooLarge()
        data.push(fieldValue(line, dataField))
      } else if (begins(line, eventField)) name = fieldValue(line, eventField).toString()
      return
    }
    if (data.length > 0) onEvent(name, data.length === 1 && data[0] ? data[0] : joined(data))
    name = 'message'
    data = []
    size = 0
  })
  return (chunk) => split(chunk) + size
}

const begins = (line: Buffer, field: Buffer): boolean => line.subarray(0, field.length).equals(field)

function fieldValue(line: Buffer, field: Buffer): Buffer {
  return line.subarray(field.length + (line[field.length] === space ? 1 : 0))
}

const joined = (lines: readonly Buffer[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, Buffer.from(' ')]))
