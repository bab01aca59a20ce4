import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { clientOf, ownEmulator } from '../../support/own-emulator.ts'

test('two thousand writes are back after a kill', async () => {
  const own = ownEmulator()
  const first = await own.start()
  const client = new DynamoDBClient(clientOf(first.url))
  await client.send(
    new CreateTableCommand({
      TableName: 'many',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  for (let batch = 0; batch < 200; batch++) {
    const puts = Array.from({ length: 10 }, (_, index) => ({ pk: { S: `${batch}-${index}` }, text: { S: 'x'.repeat(300) } }))
    await Promise.all(puts.map((Item) => client.send(new PutItemCommand({ TableName: 'many', Item }))))
  }
  await own.kill(first)

  const second = await own.start()
  const { Count } = await new DynamoDBClient(clientOf(second.url)).send(new ScanCommand({ TableName: 'many', Select: 'COUNT' }))
  expect(Count).toBe(2000)
})
