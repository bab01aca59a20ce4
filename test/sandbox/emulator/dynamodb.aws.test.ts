import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { expect, inject, test } from 'vitest'
import { createStore } from '../../support/create-store.ts'
import { clientOf } from '../../support/own-emulator.ts'

const emulatorUrl = inject('emulatorUrl')

test('a transaction that fails leaves every item as it was, and one that does not changes them all', async () => {
  const { table: TableName } = await createStore(emulatorUrl)
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientOf(emulatorUrl), region: 'eu-west-1' }))
  const Key = (pk: string) => ({ pk, sk: 'x' })
  for (const pk of ['updated', 'replaced', 'deleted', 'checked'])
    await client.send(new PutCommand({ TableName, Item: { ...Key(pk), was: pk, list: [1] } }))
  const read = async () => (await client.send(new ScanCommand({ TableName }))).Items?.sort((a, b) => (a.pk < b.pk ? -1 : 1))
  const before = await read()
  const UpdateExpression = 'SET was = :new, #list = list_append(#list, :more)'
  const names = { ExpressionAttributeNames: { '#list': 'list' }, ExpressionAttributeValues: { ':new': 'changed', ':more': [2] } }
  const transact = (checked: string) =>
    client.send(
      new TransactWriteCommand({
        TransactItems: [
          { Update: { TableName, Key: Key('updated'), UpdateExpression, ...names } },
          { Put: { TableName, Item: { ...Key('replaced'), was: 'changed' } } },
          { Put: { TableName, Item: { ...Key('made'), was: 'nothing' } } },
          { Delete: { TableName, Key: Key('deleted') } },
          {
            ConditionCheck: {
              TableName,
              Key: Key('checked'),
              ConditionExpression: 'was = :was',
              ExpressionAttributeValues: { ':was': checked },
            },
          },
        ],
      }),
    )
  await expect(transact('something else')).rejects.toMatchObject({ name: 'TransactionCanceledException' })
  expect(await read()).toEqual(before)
  await transact('checked')
  expect((await read())?.map(({ pk, was, list }) => [pk, was, list])).toEqual([
    ['checked', 'checked', [1]],
    ['made', 'nothing', undefined],
    ['replaced', 'changed', undefined],
    ['updated', 'changed', [1, 2]],
  ])
})
