import { type IncomingMessage, request } from 'node:http'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBody } from '../../../sandbox/front/read-body.ts'
import { query } from '../../support/own-emulator.ts'
import { removeFront, startFront, type TestFront } from '../../support/start-front.ts'

let front: TestFront
beforeAll(async () => {
  front = await startFront()
})
afterAll(() => removeFront(front))

const sign = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`

async function raw(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<{ status: number; text: string }> {
  const { port } = new URL(front.url)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, resolve).once('error', reject).end(body)
  })
  return { status: response.statusCode ?? 0, text: (await readBody(response)).toString() }
}

test('an object of many megabytes goes in and comes back as it was', async () => {
  const s3 = new S3Client(front.client)
  await s3.send(new CreateBucketCommand({ Bucket: 'large' }))
  const Body = Buffer.alloc(12 * 1024 * 1024, 'abcdefg')
  await s3.send(new PutObjectCommand({ Bucket: 'large', Key: 'k', Body }))
  const got = await s3.send(new GetObjectCommand({ Bucket: 'large', Key: 'k' }))
  expect(Buffer.compare(Buffer.from((await got.Body?.transformToByteArray()) ?? []), Body)).toBe(0)
})

test('URLs that the emulator stores name the front', async () => {
  const answer = await query(front.url, 'sqs', { Action: 'CreateQueue', Version: '2012-11-05', QueueName: 'q' })
  expect(answer).toContain(`${front.url}/123456789012/q`)
})

test("S3 Control's requests come as to a proxy, with the account in front of the host", async () => {
  const s3 = new S3Client(front.client)
  await s3.send(new CreateBucketCommand({ Bucket: 'tagged' }))
  const host = `123456789012.${new URL(front.url).host}`
  const arn = encodeURIComponent('arn:aws:s3:::tagged')
  const headers = { host, authorization: sign('s3'), 'x-amz-account-id': '123456789012', 'content-type': 'application/xml' }
  const tags =
    '<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags><member><Key>a</Key><Value>b</Value></member></Tags></TagResourceRequest>'
  const tagged = await raw(`http://${host}/v20180820/tags/${arn}`, headers, 'POST', tags)
  expect(tagged.status).toBeLessThan(300)
  const listed = await raw(`http://${host}/v20180820/tags/${arn}`, headers)
  expect(listed).toMatchObject({ status: 200, text: expect.stringContaining('<Key>a</Key>') })
})

test.each([
  ['a proxy request to another host', 'http://example.com/', {}],
  ['a name that was made to point here', '/', { host: 'rebound.example.com' }],
  ['a web page', '/', { origin: 'http://example.com' }],
])('%s is refused', async (_, path, headers) => {
  const answer = await raw(path, { host: new URL(front.url).host, authorization: sign('sts'), ...headers })
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('AccessDeniedException') })
})

test('a body that is not JSON is a refusal', async () => {
  const headers = { host: new URL(front.url).host, 'x-amz-target': 'CodeBuild_20161006.StartBuild', authorization: sign('codebuild') }
  expect(await raw('/', headers, 'POST', '{')).toMatchObject({ status: 400, text: expect.stringContaining('SerializationException') })
})

test('many calls at once are answered', async () => {
  const dynamo = new DynamoDBClient(front.client)
  const answers = await Promise.all(Array.from({ length: 200 }, () => dynamo.send(new ListTablesCommand({}))))
  expect(answers).toHaveLength(200)
})
