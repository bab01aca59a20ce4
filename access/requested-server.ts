import { serverId } from '../schema/names.ts'
import type { AuthorizerEvent } from './authorizer-event.ts'

const maxIdLength = 40

/**
 * The id of the server that an authorizer event is about. It is taken from the path parameter, or from the static
 * resource of a dedicated server; any spelling but the canonical one, and any path that another hop could read as
 * another server's, is undefined.
 */
export function requestedServer(event: AuthorizerEvent): string | undefined {
  const path = event.type === 'TOKEN' ? methodArnPath(event.methodArn) : event.resource
  const [root, mcp, segment, ...rest] = (path ?? '').split('/')
  if (root !== '' || mcp !== 'mcp' || !segment) return undefined
  const id = event.type === 'REQUEST' && segment === '{id}' ? event.pathParameters?.id : segment
  const tail = event.type === 'TOKEN' ? rest.join('/') : (event.pathParameters?.proxy ?? '')
  return isCanonical(id) && isPlain(tail) && !/[*?]|\$\{/.test(event.methodArn) ? id : undefined
}

const isCanonical = (id: string | undefined): id is string => !!id && id.length <= maxIdLength && serverId(id) === id

/** No `.` or `..` segment, also one encoded once more, no backslash, no control character. */
function isPlain(path: string): boolean {
  const dots = path.split(/\/|%2f/i).some((segment) => /^(\.|%2e){1,2}$/i.test(segment))
  return !dots && !/[\\\p{Cc}]|%5c|%00/iu.test(path)
}

/** `arn:aws:execute-api:region:account:api/stage/METHOD/mcp/docs/mcp` → `/mcp/docs/mcp`. */
function methodArnPath(methodArn: string): string {
  const [, , , ...path] = methodArn.split(':').slice(5).join(':').split('/')
  return `/${path.join('/')}`
}
