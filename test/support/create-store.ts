import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { tableDefinition } from '../../schema/table-definition.ts'
import { connectStore, type StoreContext } from '../../store/store-context.ts'

/** A store on a table of its own, made as PlatformStack makes it. */
export async function createStore(emulatorUrl: string): Promise<StoreContext> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new DynamoDBClient({ endpoint: emulatorUrl, region: 'eu-west-1', credentials })
  const table = `store-${randomUUID()}`
  const { hashKey, rangeKey, attributes, indexes, billingMode } = tableDefinition
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ]
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: billingMode,
      AttributeDefinitions: attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
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
