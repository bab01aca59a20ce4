import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SSMClient } from '@aws-sdk/client-ssm'
import type { AuthorizerPorts } from '../../access/create-authorizer.ts'
import { readContract } from '../../aws/contract.ts'
import { readKey } from '../../store/keys.ts'
import { readServer } from '../../store/servers.ts'
import { connectStore } from '../../store/store-context.ts'
import type { ApiConfig } from '../config.ts'
import { createKmsSigner } from './kms-signer.ts'
import { systemClock } from './system-clock.ts'

/** The authorizer's ports on AWS; the identity key is the one the platform's contract names. */
export async function createAuthorizerPorts(
  config: Pick<ApiConfig, 'platform' | 'table' | 'region' | 'endpoint'>,
): Promise<AuthorizerPorts> {
  const client = { region: config.region, ...(config.endpoint && { endpoint: config.endpoint }) }
  const store = connectStore(new DynamoDBClient(client), config.table)
  const { contract } = await readContract(new SSMClient(client), config.platform)
  return {
    keyArn: contract.identityKey.arn,
    sign: createKmsSigner(new KMSClient(client), contract.identityKey.arn),
    readKey: (id) => readKey(store, id),
    readServer: (id) => readServer(store, id),
    now: systemClock.now,
  }
}
