import { StringDecoder } from 'node:string_decoder'
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import type { LogConfiguration } from '@aws-sdk/client-ecs'

/** PutLogEvents' limits (an event of 256 KB counts 26 bytes more), and how much may wait before the oldest lines go. */
const limits = { eventBytes: 262_118, batchBytes: 1_048_576, batchEvents: 10_000, waitingBytes: 8_388_608 }
const eventOverhead = 26

interface Line {
  readonly message: string
  readonly timestamp: number
  readonly bytes: number
}

/** Carries one container's output to its log stream. */
export interface LogShipper {
  write(chunk: Buffer): void
  /** Sends what waits, but for no longer than `timeoutMs`. */
  close(timeoutMs: number): Promise<void>
}

function cut(line: string): string[] {
  if (Buffer.byteLength(line) <= limits.eventBytes) return [line]
  const bytes = Buffer.from(line)
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += limits.eventBytes) pieces.push(bytes.subarray(at, at + limits.eventBytes).toString('utf8'))
  return pieces
}

function takeBatch(waiting: Line[]): Line[] {
  let bytes = 0
  const batch: Line[] = []
  while (waiting[0] && batch.length < limits.batchEvents && bytes + waiting[0].bytes <= limits.batchBytes) {
    const line = waiting.shift()
    if (line === undefined) break
    batch.push(line)
    bytes += line.bytes
  }
  return batch
}

/** Batches of at most a second; a slow or missing log service costs lines, never the container's time. */
export function shipLogs(client: CloudWatchLogsClient, logGroupName: string, logStreamName: string): LogShipper {
  const decoder = new StringDecoder('utf8')
  const waiting: Line[] = []
  let waitingBytes = 0
  let dropped = 0
  let partial = ''
  let sending = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const add = (text: string): void => {
    for (const message of cut(text)) {
      if (message === '') continue
      const line = { message, timestamp: Date.now(), bytes: Buffer.byteLength(message) + eventOverhead }
      waiting.push(line)
      waitingBytes += line.bytes
    }
    while (waitingBytes > limits.waitingBytes) {
      waitingBytes -= waiting.shift()?.bytes ?? 0
      dropped += 1
    }
  }
  const send = async (): Promise<void> => {
    timer = undefined
    if (dropped > 0) add(`(${dropped} lines were dropped: the log service did not keep up)`)
    dropped = 0
    while (waiting.length > 0) {
      const batch = takeBatch(waiting)
      waitingBytes -= batch.reduce((sum, line) => sum + line.bytes, 0)
      const logEvents = batch.map(({ message, timestamp }) => ({ message, timestamp }))
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents })).catch(() => undefined)
    }
  }
  const schedule = (): void => {
    timer ??= setTimeout(() => {
      sending = sending.then(send)
    }, 250)
  }
  return {
    write: (chunk) => {
      const lines = (partial + decoder.write(chunk)).split('\n')
      partial = lines.pop() ?? ''
      for (const line of lines) add(line.replace(/\r$/, ''))
      if (partial.length > limits.eventBytes) {
        add(partial)
        partial = ''
      }
      if (waiting.length > 0) schedule()
    },
    close: async (timeoutMs) => {
      clearTimeout(timer)
      add(partial + decoder.end())
      partial = ''
      sending = sending.then(send)
      let deadline: NodeJS.Timeout | undefined
      await Promise.race([
        sending,
        new Promise<void>((resolve) => {
          deadline = setTimeout(resolve, timeoutMs)
        }),
      ])
      clearTimeout(deadline)
    },
  }
}

/** Opens a container's log stream by its awslogs options; undefined where it has another driver or none. Rejects with ECS's words. */
export async function openLogStream(
  client: CloudWatchLogsClient,
  logging: LogConfiguration | undefined,
  container: string,
  taskId: string,
): Promise<LogShipper | undefined> {
  const options = logging?.options ?? {}
  const logGroupName = options['awslogs-group']
  if (logging?.logDriver !== 'awslogs' || logGroupName === undefined) return undefined
  const logStreamName = `${options['awslogs-stream-prefix'] ?? container}/${container}/${taskId}`
  if (options['awslogs-create-group'] === 'true') await client.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined)
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceAlreadyExistsException') return
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    throw new Error(`ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log stream: ${why}`)
  })
  return shipLogs(client, logGroupName, logStreamName)
}
