import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { tableDefinition } from '../../schema/table.ts'
import { connectStore, type StoreContext } from '../../store/store-context.ts'

/** A store on a table of its own, made as PlatformStack makes it. */
export async function createStore(emulatorUrl: string): Promise<StoreContext> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({ endpoint: emulatorUrl, region: 'eu-west-1', credentials })
  const table = `store-${randomUUID()}`
  const { hashKey, rangeKey, indexes } = tableDefinition
  const attributes = [hashKey, rangeKey, ...indexes.flatMap((index) => [index.hashKey, index.rangeKey])]
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ]
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys(hashKey, rangeKey),
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index.hashKey, index.rangeKey),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  )
  return connectStore(client, table)
}
