import { APIGatewayClient } from '@aws-sdk/client-api-gateway'
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'

export interface AwsClientOptions {
  readonly region: string
  /** The sandbox's front; AWS's own endpoints where absent. */
  readonly endpoint?: string | undefined
}

export type AwsClients = ReturnType<typeof createAwsClients>

/** One client a service, made once by an entrance and passed to the functions of this folder. */
export function createAwsClients(options: AwsClientOptions) {
  const configuration = { region: options.region, ...(options.endpoint ? { endpoint: options.endpoint } : {}) }
  return {
    apiGateway: new APIGatewayClient(configuration),
    autoScaling: new ApplicationAutoScalingClient(configuration),
    dynamoDb: new DynamoDBClient(configuration),
    ec2: new EC2Client(configuration),
    ecs: new ECSClient(configuration),
    iam: new IAMClient(configuration),
    loadBalancing: new ElasticLoadBalancingV2Client(configuration),
    logs: new CloudWatchLogsClient(configuration),
    s3: new S3Client({ ...configuration, forcePathStyle: options.endpoint !== undefined }),
    secrets: new SecretsManagerClient(configuration),
    ssm: new SSMClient(configuration),
  }
}
