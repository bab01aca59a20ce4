import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetDeploymentsCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetStagesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway'
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { CreateClusterCommand, DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { CreateKeyCommand, EncryptCommand, GetPublicKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { CreateBucketCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { callRest, clientOf, query } from '../../support/own-emulator.ts'

/** A little of everything that the platform uses. */
export async function fillWorld(endpoint: string): Promise<void> {
  const client = clientOf(endpoint)
  const kms = new KMSClient(client)
  await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
  await kms.send(new CreateKeyCommand({ Description: 'symmetric' }))
  const vpc = await query(endpoint, 'ec2', { Action: 'CreateVpc', Version: '2016-11-15', CidrBlock: '10.0.0.0/16' })
  await query(endpoint, 'iam', { Action: 'CreateRole', Version: '2010-05-08', RoleName: 'r', AssumeRolePolicyDocument: '{}' })
  await new SSMClient(client).send(new PutParameterCommand({ Name: '/gantry/contract', Value: 'v', Type: 'SecureString' }))
  await new SecretsManagerClient(client).send(new CreateSecretCommand({ Name: 's', SecretString: 'hidden' }))
  await new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName: '/gantry/x' }))

  const s3 = new S3Client(client)
  await s3.send(new CreateBucketCommand({ Bucket: 'state' }))
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'state', VersioningConfiguration: { Status: 'Enabled' } }))
  for (const Body of ['one', 'two']) await s3.send(new PutObjectCommand({ Bucket: 'state', Key: 'k', Body, Metadata: { my_key: 'v' } }))

  const dynamo = new DynamoDBClient(client)
  await dynamo.send(
    new CreateTableCommand({
      TableName: 't',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  await dynamo.send(new PutItemCommand({ TableName: 't', Item: { pk: { S: 'a' } } }))

  const ecs = new ECSClient(client)
  await ecs.send(new CreateClusterCommand({ clusterName: 'c' }))
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions: [{ name: 'server', image: 'i', memory: 128 }] }))
  await fillApi(endpoint)
  await fillRest(endpoint, /vpc-[0-9a-f]{8,}/.exec(vpc)?.[0] ?? '')
}

/** What the project has no client for. */
async function fillRest(endpoint: string, VpcId: string): Promise<void> {
  const zip = 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=='
  const Role = 'arn:aws:iam::123456789012:role/r'
  const definition = { FunctionName: 'api', Runtime: 'nodejs22.x', Role, Handler: 'index.handler', Code: { ZipFile: zip } }
  await callRest(endpoint, 'lambda', '/2015-03-31/functions', definition)
  await callRest(endpoint, 'apigateway', '/v2/vpclinks', { name: 'link', subnetIds: ['subnet-1'] })
  const elb = (Action: string, parameters: Record<string, string>) =>
    query(endpoint, 'elasticloadbalancing', { Action, Version: '2015-12-01', ...parameters })
  await elb('CreateTargetGroup', { Name: 'tg', Protocol: 'HTTP', Port: '8080', VpcId, TargetType: 'ip' })
}

async function fillApi(endpoint: string): Promise<void> {
  const api = new APIGatewayClient(clientOf(endpoint))
  const { id: restApiId, rootResourceId: parentId } = await api.send(new CreateRestApiCommand({ name: 'api' }))
  const { id: resourceId } = await api.send(new CreateResourceCommand({ restApiId, parentId, pathPart: 'mcp' }))
  const method = { restApiId, resourceId, httpMethod: 'GET' }
  await api.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }))
  await api.send(new PutIntegrationCommand({ ...method, type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: 'http://backend/' }))
  const { id: deploymentId } = await api.send(new CreateDeploymentCommand({ restApiId }))
  await api.send(new CreateStageCommand({ restApiId, stageName: 'live', deploymentId }))
}

/** What a client can see of it: ids, keys, contents. */
export async function readWorld(endpoint: string): Promise<Record<string, unknown>> {
  const client = clientOf(endpoint)
  const kms = new KMSClient(client)
  const { Keys = [] } = await kms.send(new ListKeysCommand({}))
  const publicKey = await kms.send(new GetPublicKeyCommand({ KeyId: Keys[0]?.KeyId }))
  const encrypted = await kms.send(new EncryptCommand({ KeyId: Keys[1]?.KeyId, Plaintext: Buffer.from('x') }))
  const versions = await new S3Client(client).send(new ListObjectVersionsCommand({ Bucket: 'state' }))
  const api = new APIGatewayClient(client)
  const restApiId = (await api.send(new GetRestApisCommand({}))).items?.[0]?.id
  const deployment = (await api.send(new GetDeploymentsCommand({ restApiId }))).items?.[0]?.id
  const definition = await new ECSClient(client).send(new DescribeTaskDefinitionCommand({ taskDefinition: 'f' }))
  return {
    keys: Keys,
    publicKey: Buffer.from(publicKey.PublicKey ?? []).toString('base64'),
    encryptedBy: encrypted.KeyId,
    vpcs: (await query(endpoint, 'ec2', { Action: 'DescribeVpcs', Version: '2016-11-15' })).match(/vpc-\w+/g),
    subnets: (await query(endpoint, 'ec2', { Action: 'DescribeSubnets', Version: '2016-11-15' })).match(/subnet-\w+/g),
    role: (await query(endpoint, 'iam', { Action: 'GetRole', Version: '2010-05-08', RoleName: 'r' })).match(/<RoleId>\w+/g),
    functions: ((await callRest(endpoint, 'lambda', '/2015-03-31/functions')) as { Functions: { RevisionId: string }[] }).Functions.map(
      ({ RevisionId }) => RevisionId,
    ),
    links: await callRest(endpoint, 'apigateway', '/v2/vpclinks').then((answer) => JSON.stringify(answer).match(/"vpcLinkId":"\w+"/g)),
    targetGroups: (await query(endpoint, 'elasticloadbalancing', { Action: 'DescribeTargetGroups', Version: '2015-12-01' })).match(
      /targetgroup\/[\w/]+/g,
    ),
    parameter: (await new SSMClient(client).send(new GetParameterCommand({ Name: '/gantry/contract', WithDecryption: true }))).Parameter
      ?.Value,
    secret: await new SecretsManagerClient(client)
      .send(new GetSecretValueCommand({ SecretId: 's' }))
      .then(({ ARN, SecretString, VersionId }) => ({ ARN, SecretString, VersionId })),
    groups: (await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ arn }) => arn),
    versions: versions.Versions?.map(({ Key, VersionId, ETag, IsLatest }) => ({ Key, VersionId, ETag, IsLatest })),
    items: (await new DynamoDBClient(client).send(new ScanCommand({ TableName: 't' }))).Items,
    definition: definition.taskDefinition?.taskDefinitionArn,
    resources: (await api.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }))).items,
    stages: (await api.send(new GetStagesCommand({ restApiId }))).item?.map(({ stageName, deploymentId }) => ({ stageName, deploymentId })),
    snapshot: await (await fetch(`${endpoint}/_gantry/restapis/${restApiId}/deployments/${deployment}`)).json(),
  }
}
