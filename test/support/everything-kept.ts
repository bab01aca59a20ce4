import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import type { SandboxDescription } from './sandbox-process.ts'

export interface Kept {
  /** Where it was found, for the message. */
  readonly place: string
  readonly bytes: Buffer
}

/** Every byte a sandbox keeps: its files (without the emulator's own store), the table, the state bucket unpacked, all logs. */
export async function* everythingKept(sandbox: SandboxDescription, directory: string): AsyncGenerator<Kept> {
  const clients = createAwsClients({ region: sandbox.region, endpoint: sandbox.emulatorUrl })
  yield* files(directory)
  yield* table(clients, 'gantry-sandbox')
  yield* bucket(clients, sandbox.stateBucket)
  yield* logs(clients)
}

function* files(directory: string): Generator<Kept> {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const place = join(entry.parentPath, entry.name)
    const isCache = place.startsWith(join(directory, 'ecs', 'cache'))
    if (entry.isFile() && !isCache && !place.startsWith(join(directory, 'emulator'))) yield { place, bytes: readFileSync(place) }
  }
}

async function* table({ dynamoDb }: AwsClients, TableName: string): AsyncGenerator<Kept> {
  for await (const page of paginateScan({ client: dynamoDb }, { TableName })) {
    for (const item of page.Items ?? []) yield { place: `${TableName} ${item.pk?.S}`, bytes: Buffer.from(JSON.stringify(item)) }
  }
}

async function* bucket({ s3 }: AwsClients, Bucket: string): AsyncGenerator<Kept> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    for (const { Key = '' } of page.Contents ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
      yield { place: `s3://${Bucket}/${Key}`, bytes: Key.endsWith('.gz') ? unpack(bytes) : bytes }
    }
  }
}

/** A gzipped tar, and what is deflated in zip files inside of it: a Terraform plan is one. */
function unpack(bytes: Buffer): Buffer {
  const tar = gunzipSync(bytes)
  const parts = [tar]
  for (let at = tar.indexOf('PK\x03\x04', 0, 'latin1'); at >= 0; at = tar.indexOf('PK\x03\x04', at + 4, 'latin1')) {
    const deflated = tar.readUInt16LE(at + 8) === 8
    const data = at + 30 + tar.readUInt16LE(at + 26) + tar.readUInt16LE(at + 28)
    if (deflated) parts.push(inflateRawSync(tar.subarray(data)))
  }
  return Buffer.concat(parts)
}

async function* logs({ logs: client }: AwsClients): AsyncGenerator<Kept> {
  for await (const page of paginateDescribeLogGroups({ client }, {})) {
    for (const { logGroupName } of page.logGroups ?? []) {
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
        yield { place: `log group ${logGroupName}`, bytes: Buffer.from(events.map(({ message }) => message).join('\n')) }
      }
    }
  }
}
