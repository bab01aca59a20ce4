export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const annotations = new Set(['description', 'example', 'examples', 'discriminator', 'externalDocs', 'title', 'default', 'deprecated'])

/**
 * An OpenAPI 3.0 schema as JSON Schema with every object closed: a field that is not declared is an error, also where the
 * description leaves that open. What an `allOf` joins stays open.
 */
export function closed(schema: unknown, open = false): unknown {
  if (!isObject(schema)) return schema
  const out: Json = {}
  for (const [name, value] of Object.entries(schema)) {
    if (annotations.has(name) || name === 'nullable') continue
    if (name === 'properties' && isObject(value)) out[name] = mapValues(value, (property) => closed(property))
    else if (name === 'allOf' && Array.isArray(value)) out[name] = value.map((part) => closed(part, true))
    else if (Array.isArray(value) && name !== 'enum' && name !== 'required') out[name] = value.map((part) => closed(part))
    else if (name === 'items' || name === 'additionalProperties' || name === 'not') out[name] = closed(value)
    else out[name] = value
  }
  const joined = 'allOf' in schema || 'oneOf' in schema || 'anyOf' in schema
  if (isObject(schema.properties) && !joined && !open && schema.additionalProperties === undefined) out.additionalProperties = false
  return schema.nullable === true ? { anyOf: [out, { type: 'null' }] } : out
}

const mapValues = (value: Json, map: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, map(one)]))

/** Everything that a schema refers to, by its pointer below `root`. */
export function reachable(schema: unknown, root: Json, found = new Map<string, unknown>()): Map<string, unknown> {
  for (const [, reference] of JSON.stringify(schema ?? null).matchAll(/"\$ref":"#([^"]+)"/g)) {
    if (reference === undefined || found.has(reference)) continue
    const target = at(root, reference)
    found.set(reference, target)
    reachable(target, root, found)
  }
  return found
}

/** What stands at a JSON pointer. */
export function at(root: Json, pointer: string): unknown {
  let value: unknown = root
  for (const part of pointer.split('/').slice(1))
    value = isObject(value) ? value[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return value
}

/** The least that a schema takes: required fields only, null where that is allowed. */
export function least(schema: unknown, root: Json): unknown {
  if (!isObject(schema)) return undefined
  if (typeof schema.$ref === 'string') return least(at(root, schema.$ref.slice(1)), root)
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (schema.nullable === true || types.includes('null')) return null
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map((part) => least(part, root)))
  const [choice] = [schema.oneOf ?? schema.anyOf].flat()
  if (choice && !schema.properties) return least(choice, root)
  if (isObject(schema.properties)) {
    const required = Array.isArray(schema.required) ? schema.required.map(String) : []
    const { properties } = schema
    return Object.fromEntries(required.map((name) => [name, least(properties[name], root)]))
  }
  const byType: Json = { array: [], object: {}, integer: 1, number: 1, boolean: false }
  if (typeof types[0] === 'string' && types[0] in byType) return byType[types[0]]
  if (schema.format === 'uri') return 'https://github.test/'
  return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'x'
}
