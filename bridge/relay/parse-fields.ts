export type FieldList = readonly string[]

const name = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that a value may not hold.
const forbidden = /[\x00-\x08\x0a-\x1f\x7f]/

/** Header or trailer lines as a flat list of names and values, in their order and spelling. Throws on a line that is none. */
export function parseFields(lines: readonly string[]): string[] {
  const fields: string[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    const field = line.slice(0, colon)
    if (colon < 1 || !name.test(field) || forbidden.test(line)) throw new Error('The server sent a header line that is none.')
    fields.push(field, trimSpace(line, colon + 1))
  }
  return fields
}

/** The values of one field, whose name is given in lower case. */
export function valuesOf(fields: FieldList, wanted: string): string[] {
  const values: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at]?.length === wanted.length && fields[at]?.toLowerCase() === wanted) values.push(fields[at + 1] ?? '')
  }
  return values
}

/** The comma-separated members of a field, in lower case. */
export function membersOf(fields: FieldList, wanted: string): string[] {
  return valuesOf(fields, wanted).flatMap((value) => value.split(',').map((member) => member.trim().toLowerCase()))
}

// Only spaces and tabs: trim() would take other characters with it.
function trimSpace(line: string, from: number): string {
  let start = from
  let end = line.length
  while (isSpace(line.charCodeAt(start))) start++
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--
  return line.slice(start, end)
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09
