import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { type AwsClients, createAwsClients } from '../../aws/clients.ts'
import { unlessGone } from './resources/unless-gone.ts'
import type { SandboxDescription } from './sandbox-process.ts'

export interface Kept {
  /** Where it was found, for the message. */
  readonly place: string
  readonly bytes: Buffer
}

/**
 * Every byte a sandbox keeps: its files (without the emulator's own store), the table, the state bucket unpacked, all logs.
 * What goes while it is looked for, because other servers come and go, is passed over.
 */
export async function* everythingKept(sandbox: SandboxDescription, directory: string): AsyncGenerator<Kept> {
  const clients = createAwsClients({ region: sandbox.region, endpoint: sandbox.emulatorUrl })
  yield* files(directory)
  yield* table(clients, 'gantry-sandbox')
  yield* bucket(clients, sandbox.stateBucket)
  yield* logs(clients)
  yield { place: sandbox.reviewRepository, bytes: await filesOf(sandbox.reviewRepository) }
}

/** Everything that a Git repository holds, in the clear: files, messages, notes. */
export async function filesOf(repository: string): Promise<Buffer> {
  const args = ['--git-dir', repository, 'cat-file', '--batch-all-objects', '--batch']
  const { stdout } = await promisify(execFile)('git', args, { encoding: 'buffer', maxBuffer: 1 << 30 })
  return stdout
}

async function* files(
  directory: string,
  passedOver = [join(directory, 'ecs', 'cache'), join(directory, 'emulator')],
): AsyncGenerator<Kept> {
  for (const entry of (await unlessGone(readdir(directory, { withFileTypes: true }))) ?? []) {
    const place = join(directory, entry.name)
    if (entry.isDirectory() && !passedOver.includes(place)) yield* files(place, passedOver)
    const bytes = entry.isFile() ? await unlessGone(readFile(place)) : undefined
    if (bytes) yield { place, bytes }
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
      const object = await unlessGone(s3.send(new GetObjectCommand({ Bucket, Key })))
      const bytes = Buffer.from((await object?.Body?.transformToByteArray()) ?? [])
      if (object) yield { place: `s3://${Bucket}/${Key}`, bytes: Key.endsWith('.gz') ? unpack(bytes) : bytes }
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
      const bytes = await unlessGone(linesOf(client, logGroupName))
      if (bytes) yield { place: `log group ${logGroupName}`, bytes }
    }
  }
}

async function linesOf(client: AwsClients['logs'], logGroupName: string | undefined): Promise<Buffer> {
  const lines: string[] = []
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
    lines.push(...events.map(({ message = '' }) => message))
  return Buffer.from(lines.join('\n'))
}
