import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { type AwsClients, createAwsClients } from '../../../aws/clients.ts'
import { runInit } from '../../../bridge/init.ts'

const bucket = `files-${randomUUID()}`
const endpoint = inject('emulatorUrl')
const region = 'us-east-1'

let clients: AwsClients
beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test'
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test'
  clients = createAwsClients({ region, endpoint })
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }))
})

const put = (Key: string, Body: string, Metadata?: Record<string, string>) =>
  clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...(Metadata && { Metadata }) }))

test('the init program copies exactly its prefix and tells how much', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-init-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  await put('docs/main.py', 'print()')
  await put('docs/bin/run', '#!/bin/sh\n')
  await put('docs/tool', 'x', { mode: '0750' })
  await put('docs2/other', 'not ours')
  const lines: unknown[] = []
  const config = { artifacts: { bucket, prefix: 'docs/', directory }, region, endpoint }
  await runInit(config, directory, (level, msg, fields) => void lines.push({ level, msg, ...fields }))
  expect(lines).toMatchObject([{ msg: 'the files are in place', source: `s3://${bucket}/docs/`, files: 3 }])
  expect(readFileSync(join(directory, 'main.py'), 'utf8')).toBe('print()')
  const modeOf = (path: string) => (statSync(join(directory, path)).mode & 0o777).toString(8)
  expect([modeOf('main.py'), modeOf('bin/run'), modeOf('tool')]).toEqual(['644', '755', '750'])
})
