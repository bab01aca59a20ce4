import { APIGatewayClient } from '@aws-sdk/client-api-gateway'
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'

export const region = 'us-east-1'
export const account = '123456789012'

/** Every client that the sandbox's data plane reads records with. */
export function dataPlaneClients(emulatorUrl: string) {
  const configuration = { endpoint: emulatorUrl, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  return {
    emulatorUrl,
    apiGateway: new APIGatewayClient(configuration),
    apiGatewayV2: new ApiGatewayV2Client(configuration),
    loadBalancing: new ElasticLoadBalancingV2Client(configuration),
    ecs: new ECSClient(configuration),
    logs: new CloudWatchLogsClient(configuration),
    secrets: new SecretsManagerClient(configuration),
    parameters: new SSMClient(configuration),
  }
}
export type DataPlaneClients = ReturnType<typeof dataPlaneClients>
