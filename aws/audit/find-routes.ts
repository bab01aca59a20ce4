import { type APIGatewayClient, GetResourcesCommand, type Resource } from '@aws-sdk/client-api-gateway'
import type { FoundResource } from './found-resource.ts'

/** The server's own API resources with their methods, integrations and responses. */
export async function findRoutes(apiGateway: APIGatewayClient, restApiId: string, serverId: string): Promise<FoundResource[]> {
  const found: FoundResource[] = []
  let position: string | undefined
  do {
    const page = await apiGateway.send(
      new GetResourcesCommand({ restApiId, limit: 500, embed: ['methods'], ...(position ? { position } : {}) }),
    )
    const own = (page.items ?? []).filter(({ path }) => path === `/mcp/${serverId}` || path?.startsWith(`/mcp/${serverId}/`))
    found.push(...own.flatMap((resource) => partsOf(restApiId, resource)))
    position = page.position
  } while (position)
  return found
}

function partsOf(restApiId: string, { id = '', path = '', resourceMethods = {} }: Resource): FoundResource[] {
  const methods = Object.entries(resourceMethods).flatMap(([verb, method]) => {
    const part = (type: string, suffix = '') => ({
      type: `aws_api_gateway_${type}`,
      name: [path, verb, suffix].filter(Boolean).join(' '),
      importId: [restApiId, id, verb, suffix].filter(Boolean).join('/'),
    })
    const { methodIntegration: integration } = method
    return [
      part('method'),
      ...Object.keys(method.methodResponses ?? {}).map((status) => part('method_response', status)),
      ...(integration ? [part('integration')] : []),
      ...Object.keys(integration?.integrationResponses ?? {}).map((status) => part('integration_response', status)),
    ]
  })
  return [{ type: 'aws_api_gateway_resource', name: path, importId: `${restApiId}/${id}` }, ...methods]
}
