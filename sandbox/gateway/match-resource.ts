import type { Method, Resource } from '@aws-sdk/client-api-gateway'

/** The method of a REST API that answers a request, with its path parameters URL-decoded. */
export interface MethodMatch {
  readonly resource: Resource
  readonly method: Method
  readonly pathParameters: Record<string, string>
}

const rank = (part: string): number => (part.endsWith('+}') ? 2 : part.startsWith('{') ? 1 : 0)

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Binds a resource's path to the request's segments; undefined where they differ. */
function bind(template: string[], segments: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = Object.create(null)
  for (const [index, part] of template.entries()) {
    const segment = segments[index]
    if (segment === undefined) return undefined
    if (part.endsWith('+}')) {
      parameters[part.slice(1, -2)] = decode(segments.slice(index).join('/'))
      return parameters
    }
    if (part.startsWith('{')) parameters[part.slice(1, -1)] = decode(segment)
    else if (part !== segment) return undefined
  }
  return template.length === segments.length ? parameters : undefined
}

function moreSpecific(a: string[], b: string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index]
    const difference = rank(part) - (other === undefined ? 3 : rank(other))
    if (difference !== 0) return difference
  }
  return 0
}

const split = (path: string): string[] => {
  const segments = path.split('/').slice(1)
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments
}

/**
 * Finds the method as API Gateway does: static before `{parameter}` before `{proxy+}`, segment by segment, then the exact method
 * before ANY. Undefined is its "Missing Authentication Token". `path` is the raw request path, without the query.
 */
export function matchResource(resources: readonly Resource[], httpMethod: string, path: string): MethodMatch | undefined {
  const segments = split(path)
  const candidates = resources
    .filter((resource) => Object.keys(resource.resourceMethods ?? {}).length > 0)
    .map((resource) => ({ resource, template: split(resource.path ?? '/') }))
    .map((candidate) => ({ ...candidate, pathParameters: bind(candidate.template, segments) }))
    .filter((candidate) => candidate.pathParameters !== undefined)
    .sort((a, b) => moreSpecific(a.template, b.template))
  const best = candidates[0]
  const method = best?.resource.resourceMethods?.[httpMethod] ?? best?.resource.resourceMethods?.ANY
  return best?.pathParameters && method ? { resource: best.resource, method, pathParameters: best.pathParameters } : undefined
}
