import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { AwsClients } from '../../../aws/clients.ts'
import { tableName } from '../../../schema/table.ts'
import type { ListedSandbox } from '../list-resources.ts'

/** The server's records but its runs, its state and locks, and the raw plans of its runs. */
export async function listStored(clients: AwsClients, { stateBucket }: ListedSandbox, serverId: string): Promise<string[]> {
  const items = DynamoDBDocumentClient.from(clients.dynamoDb)
  const TableName = tableName('sandbox')
  const partition = async (pk: string, IndexName?: string) => {
    const KeyConditionExpression = `${IndexName ?? ''}pk = :pk`
    const { Items = [] } = await items.send(
      new QueryCommand({ TableName, IndexName, KeyConditionExpression, ExpressionAttributeValues: { ':pk': pk } }),
    )
    return Items as { pk: string; sk: string }[]
  }
  const records = (await Promise.all([partition(`SERVER#${serverId}`), partition(`NAME#${serverId}`)])).flat()
  const runs = await partition(`SERVER#${serverId}`, 'gsi3')
  const keys = async (Prefix: string) => {
    const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket: stateBucket, Prefix }))
    return Contents.map(({ Key = '' }) => Key)
  }
  const artifacts = await Promise.all(runs.map(({ pk }) => keys(`runs/${pk.replace('RUN#', '')}/artifact`)))
  return [...records.map(({ pk, sk }) => `${pk} ${sk}`), ...(await keys(`servers/${serverId}/`)), ...artifacts.flat()].sort()
}
