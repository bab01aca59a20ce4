import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { closed, isObject, type Json, reachable } from './schema.ts'

/** Checks values against parts of a large document; each of its schemas is compiled once, whoever refers to it. */
export function createValidator(document: Json): (schema: unknown, value: unknown) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, formats: { 'repo.nwo': true } })
  addFormats.default(ajv)
  const compiled = new Map<unknown, ValidateFunction>()

  const addressOf = (pointer: string): string => `gantry:${pointer.replaceAll('/', '.')}`
  function local(schema: unknown): Json {
    const text = JSON.stringify(closed(schema) ?? {})
    const withAddress = (name: string, value: unknown) => (name === '$ref' && typeof value === 'string' ? addressOf(value.slice(1)) : value)
    const read: unknown = JSON.parse(text, withAddress)
    return isObject(read) ? read : {}
  }
  function compile(schema: unknown): ValidateFunction {
    for (const [pointer, target] of reachable(schema, document))
      if (!ajv.schemas[addressOf(pointer)]) ajv.addSchema(local(target), addressOf(pointer))
    const validate = ajv.compile(local(schema))
    compiled.set(schema, validate)
    return validate
  }

  return (schema, value) => {
    const validate = compiled.get(schema) ?? compile(schema)
    if (validate(value)) return []
    return (validate.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  }
}
