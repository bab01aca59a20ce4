import {
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway'
import { CreateVpcLinkCommand } from '@aws-sdk/client-apigatewayv2'
import { account, type DataPlaneClients, region } from './clients.ts'

export interface ApiFixture {
  readonly id: string
  readonly stage: string
  readonly authorizerId: string
  readonly vpcLinkId: string
  readonly rootId: string
  readonly mcpId: string
}

/** A REST API with an authorizer, gateway responses, a VPC link v2 and `/mcp`, without a deployment. */
export async function createApi({ apiGateway, apiGatewayV2 }: DataPlaneClients, name: string): Promise<ApiFixture> {
  const { id: restApiId = '' } = await apiGateway.send(new CreateRestApiCommand({ name }))
  const uri = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:${account}:function:${name}-authorizer/invocations`
  const authorizer = await apiGateway.send(
    new CreateAuthorizerCommand({
      restApiId,
      name,
      type: 'REQUEST',
      authorizerUri: uri,
      authorizerResultTtlInSeconds: 0,
      identitySource: 'method.request.header.Authorization',
    }),
  )
  await apiGateway.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'UNAUTHORIZED',
      statusCode: '401',
      responseParameters: { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" },
      responseTemplates: { 'application/json': '{"code":"UNAUTHENTICATED","requestId":"$context.requestId"}' },
    }),
  )
  const link = await apiGatewayV2.send(new CreateVpcLinkCommand({ Name: name, SubnetIds: [] }))
  const root = (await apiGateway.send(new GetResourcesCommand({ restApiId }))).items?.[0]?.id ?? ''
  const mcp = await apiGateway.send(new CreateResourceCommand({ restApiId, parentId: root, pathPart: 'mcp' }))
  return {
    id: restApiId,
    stage: 'live',
    authorizerId: authorizer.id ?? '',
    vpcLinkId: link.VpcLinkId ?? '',
    rootId: root,
    mcpId: mcp.id ?? '',
  }
}

/** ANY through the authorizer to the load balancer, as ServerRoute makes it. */
export async function addServerRoute(
  { apiGateway }: DataPlaneClients,
  api: ApiFixture,
  route: {
    resourceId: string
    path: string
    parameters: string[]
    balancer: { arn: string; dnsName: string }
    stream?: boolean
    timeoutMs?: number
  },
): Promise<void> {
  const on = { restApiId: api.id, resourceId: route.resourceId, httpMethod: 'ANY' }
  const declared = Object.fromEntries(route.parameters.map((name) => [`method.request.path.${name}`, true]))
  const mapped = Object.fromEntries(route.parameters.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]))
  await apiGateway.send(
    new PutMethodCommand({ ...on, authorizationType: 'CUSTOM', authorizerId: api.authorizerId, requestParameters: declared }),
  )
  await apiGateway.send(
    new PutIntegrationCommand({
      ...on,
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: `http://${route.balancer.dnsName}${route.path}`,
      connectionType: 'VPC_LINK',
      connectionId: api.vpcLinkId,
      integrationTarget: route.balancer.arn,
      responseTransferMode: (route.stream ?? true) ? 'STREAM' : 'BUFFERED',
      timeoutInMillis: route.timeoutMs ?? 900_000,
      requestParameters: {
        ...mapped,
        'integration.request.header.X-Gantry-Identity': 'context.authorizer.identity',
        'integration.request.header.Authorization': 'context.authorizer.forwardAuthorization',
      },
    }),
  )
}

export async function addResource({ apiGateway }: DataPlaneClients, api: ApiFixture, parentId: string, pathPart: string): Promise<string> {
  return (await apiGateway.send(new CreateResourceCommand({ restApiId: api.id, parentId, pathPart }))).id ?? ''
}

/** OPTIONS answered by MOCK with one CORS header. */
export async function addPreflight({ apiGateway }: DataPlaneClients, api: ApiFixture, resourceId: string): Promise<void> {
  const on = { restApiId: api.id, resourceId, httpMethod: 'OPTIONS' }
  const header = 'method.response.header.Access-Control-Allow-Origin'
  await apiGateway.send(new PutMethodCommand({ ...on, authorizationType: 'NONE' }))
  await apiGateway.send(new PutIntegrationCommand({ ...on, type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode":204}' } }))
  await apiGateway.send(new PutMethodResponseCommand({ ...on, statusCode: '204', responseParameters: { [header]: true } }))
  await apiGateway.send(new PutIntegrationResponseCommand({ ...on, statusCode: '204', responseParameters: { [header]: "'*'" } }))
}

/** A new deployment, and the stage moved to it. */
export async function publish({ apiGateway }: DataPlaneClients, { id: restApiId, stage: stageName }: ApiFixture): Promise<void> {
  const { id: deploymentId } = await apiGateway.send(new CreateDeploymentCommand({ restApiId }))
  await apiGateway
    .send(
      new UpdateStageCommand({ restApiId, stageName, patchOperations: [{ op: 'replace', path: '/deploymentId', value: deploymentId }] }),
    )
    .catch(() => apiGateway.send(new CreateStageCommand({ restApiId, stageName, deploymentId })))
}
