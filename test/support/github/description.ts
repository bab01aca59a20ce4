import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createValidator } from './create-validator.ts'
import { at, isObject, type Json, least } from './schema.ts'

/** GitHub's own description of its API, as published. */
const require = createRequire(import.meta.url)
const document: Json = JSON.parse(readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'))

const validate = createValidator(document)

export interface Operation {
  readonly route: string
  readonly method: string
  readonly pattern: RegExp
  readonly description: Json
}

/** An operation by its route, `GET /repos/{owner}/{repo}/pulls`; throws where GitHub has none such. */
export function operation(route: string): Operation {
  const [method = '', path = ''] = route.split(' ')
  const item = isObject(document.paths) ? document.paths[path] : undefined
  const description = isObject(item) ? item[method.toLowerCase()] : undefined
  if (!isObject(description)) throw new Error(`GitHub describes no ${route}`)
  const pattern = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
  return { route, method, pattern, description }
}

const resolve = (value: unknown): Json => {
  const target = isObject(value) && typeof value.$ref === 'string' ? at(document, value.$ref.slice(1)) : value
  return isObject(target) ? target : {}
}

/** What of a request GitHub does not describe. */
export function faultsOfRequest({ route, description }: Operation, query: URLSearchParams, body: unknown): string[] {
  const declared = (Array.isArray(description.parameters) ? description.parameters : []).map(resolve).filter((one) => one.in === 'query')
  const faults = [...query].flatMap(([name, text]) => {
    const parameter = declared.find((one) => one.name === name)
    if (!parameter) return [`${route}: no query parameter ${name}`]
    const type = resolve(parameter.schema).type
    const value = type === 'integer' && /^\d+$/.test(text) ? Number(text) : text
    return check(`${route} ?${name}`, parameter.schema, value)
  })
  const schema = contentSchema(resolve(description.requestBody))
  if (body === undefined) return resolve(description.requestBody).required ? [...faults, `${route}: needs a body`] : faults
  if (schema === undefined) return [...faults, `${route}: takes no body`]
  return [...faults, ...check(`${route} body`, schema, body)]
}

/** What of an answer GitHub does not describe. */
export function faultsOfResponse({ route, description }: Operation, status: number, body: unknown): string[] {
  const responses = resolve(description.responses)
  if (!(status in responses)) return [`${route}: no answer ${status}`]
  const schema = contentSchema(resolve(responses[status]))
  return schema === undefined ? [] : check(`${route} ${status}`, schema, body)
}

const contentSchema = (value: Json): unknown => resolve(resolve(value.content)['application/json']).schema

const check = (key: string, schema: unknown, value: unknown): string[] => validate(schema, value).map((fault) => `${key}${fault}`)

/** The least that GitHub's schema of this name takes. */
export function leastOf(name: string): Json {
  const value = least({ ...resolve({ $ref: `#/components/schemas/${name}` }), nullable: false }, document)
  if (!isObject(value)) throw new Error(`GitHub describes no object ${name}`)
  return value
}
