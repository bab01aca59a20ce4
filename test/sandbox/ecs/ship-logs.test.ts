import { CloudWatchLogsClient, type InputLogEvent, type PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { expect, test } from 'vitest'
import { shipLogs } from '../../../sandbox/ecs/ship-logs.ts'
import { eventually } from '../../support/data-plane/eventually.ts'

/** A log service that keeps what it is sent, or never answers. */
class FakeLogs extends CloudWatchLogsClient {
  readonly batches: InputLogEvent[][] = []
  readonly answers: boolean
  constructor(answers = true) {
    super({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } })
    this.answers = answers
    this.middlewareStack.add(
      () => (args) => {
        this.batches.push((args.input as PutLogEventsCommand['input']).logEvents ?? [])
        return this.answers ? Promise.resolve({ response: undefined, output: { $metadata: {} } }) : new Promise(() => undefined)
      },
      { step: 'initialize' },
    )
  }
  get lines(): string[] {
    return this.batches.flat().map(({ message }) => message ?? '')
  }
}

test('lines arrive as they were written, also when chunks cut them in the middle of a character', async () => {
  const logs = new FakeLogs()
  const shipper = shipLogs(logs, 'group', 'stream')
  for (const byte of Buffer.from('první\r\nкоrec\n\n🐎 last')) shipper.write(Buffer.from([byte]))
  await shipper.close(1000)
  expect(logs.lines).toEqual(['první', 'коrec', '🐎 last'])
})

test('what was written is on its way within a second', async () => {
  const logs = new FakeLogs()
  const shipper = shipLogs(logs, 'group', 'stream')
  shipper.write(Buffer.from('now\n'))
  await eventually('the line arrives', () => logs.lines.length === 1, 1000)
  await shipper.close(100)
})

test('a line longer than an event may be is cut, and no batch is larger than one may be', async () => {
  const logs = new FakeLogs()
  const shipper = shipLogs(logs, 'group', 'stream')
  shipper.write(Buffer.alloc(3_000_000, 'x'))
  shipper.write(Buffer.from('\n'))
  await shipper.close(5000)
  expect(logs.lines.join('')).toHaveLength(3_000_000)
  expect(Math.max(...logs.lines.map((line) => line.length))).toBeLessThanOrEqual(262_118)
  const sizes = logs.batches.map((batch) => batch.reduce((sum, { message }) => sum + (message?.length ?? 0) + 26, 0))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576)
})

test('a log service that never answers holds up neither the writer nor the end', async () => {
  const shipper = shipLogs(new FakeLogs(false), 'group', 'stream')
  for (let line = 0; line < 100_000; line++) shipper.write(Buffer.from(`${'x'.repeat(200)}\n`))
  const began = Date.now()
  await shipper.close(100)
  expect(Date.now() - began).toBeLessThan(2000)
})
