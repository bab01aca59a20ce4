import type { IncomingHttpHeaders } from 'node:http'
import { isRecord } from '../stdio/parse-body.ts'
import { mismatch, type Refusal } from './check-request.ts'
import { decodeHeaderValue } from './header-value.ts'

/** An argument of a tool whose value the client repeats in a header. */
export type MirroredArgument = { header: string; path: readonly string[]; isInteger: boolean }

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const decimal = /^-?\d+(\.\d+)?$/
const mirrorable = ['string', 'integer', 'boolean']

/** The arguments that a tool's `inputSchema` marks with `x-mcp-header`: none is looked for but below `properties`. */
export function mirroredArguments(schema: unknown, path: readonly string[] = []): MirroredArgument[] {
  const properties = isRecord(schema) && isRecord(schema.properties) ? Object.entries(schema.properties) : []
  return properties.flatMap(([name, property]) => {
    const own = [...path, name]
    const header = isRecord(property) ? property['x-mcp-header'] : undefined
    const type = isRecord(property) ? String(property.type) : ''
    const marked = typeof header === 'string' && token.test(header) && mirrorable.includes(type)
    const mirrored = marked ? [{ header: `mcp-param-${header.toLowerCase()}`, path: own, isInteger: type === 'integer' }] : []
    return [...mirrored, ...mirroredArguments(property, own)]
  })
}

/** Why the headers do not say what the arguments say. An argument that is not there needs no header. */
export function checkArguments(mirrored: readonly MirroredArgument[], values: unknown, headers: IncomingHttpHeaders): Refusal | undefined {
  for (const { header, path, isInteger } of mirrored) {
    const value = path.reduce<unknown>(
      (object, name) => (isRecord(object) && Object.hasOwn(object, name) ? object[name] : undefined),
      values,
    )
    if (value === undefined || value === null || typeof value === 'object') continue
    const given = headers[header]
    const decoded = typeof given === 'string' ? decodeHeaderValue(given) : undefined
    const isSame = isInteger && decoded !== undefined && decimal.test(decoded) ? Number(decoded) === value : decoded === String(value)
    if (!isSame) return mismatch(header, given, String(value))
  }
  return undefined
}
