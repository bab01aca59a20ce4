import { skipSpace, skipValue } from '../stdio/read-envelope.ts'

type Member = { key: string; from: number; valueFrom: number; to: number }

const openBrace = 0x7b
const comma = 0x2c

/** Text or bytes of JSON, in the order in which they are to be written. */
export type JsonParts = readonly (string | Buffer)[]

/** The bytes of one member's value as they came; undefined where the object has none. Of two with one name the last counts. */
export function readMember(object: Buffer, key: string): Buffer | undefined {
  const member = readMembers(object).findLast((candidate) => candidate.key === key)
  return member && object.subarray(member.valueFrom, member.to)
}

/** The value of one member; undefined where there is none, or no JSON. */
export function parseMember(object: Buffer, key: string): unknown {
  return parseJson(readMember(object, key)?.toString() ?? '')
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An object with some members put in front and others left out; what stays keeps its bytes. */
export function rewriteObject(object: Buffer, put: Readonly<Record<string, JsonParts>>, drop: readonly string[] = []): JsonParts {
  const parts: (string | Buffer)[] = []
  const begin = () => (parts.length === 0 ? '{' : ',')
  for (const [key, value] of Object.entries(put)) parts.push(`${begin()}${JSON.stringify(key)}:`, ...value)
  for (const { key, from, to } of readMembers(object)) {
    if (!Object.hasOwn(put, key) && !drop.includes(key)) parts.push(begin(), object.subarray(from, to))
  }
  return [...parts, parts.length === 0 ? '{}' : '}']
}

export function joinParts(parts: JsonParts): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
}

/** The members of an object; none where the text is none. What stands inside of values is not judged. */
function readMembers(text: Buffer): Member[] {
  const members: Member[] = []
  let at = skipSpace(text, 0)
  if (text[at] !== openBrace) return members
  at = skipSpace(text, at + 1)
  while (text[at] === 0x22) {
    const from = at
    const keyEnd = skipValue(text, at)
    const valueFrom = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const to = skipValue(text, valueFrom)
    members.push({ key: String(parseJson(text.toString('utf8', from, keyEnd))), from, valueFrom, to })
    at = skipSpace(text, to)
    if (text[at] === comma) at = skipSpace(text, at + 1)
  }
  return members
}
