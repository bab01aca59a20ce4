import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs'

export interface LogWriter {
  write(line: string): void
  /** Sends what is left; call it once, at the end. */
  end(): Promise<void>
}

const flushMs = 500
/** AWS's own limits of one PutLogEvents call, and of one event. */
const batchEvents = 10_000
const batchBytes = 900_000
const eventCharacters = 60_000

/** Writes lines to one stream in batches; lines that cannot be written are told to `onLog`, and the build goes on. */
export function createLogWriter(
  client: CloudWatchLogsClient,
  { groupName, streamName }: { groupName: string; streamName: string },
  onLog: (line: string) => void,
): LogWriter {
  let waiting: InputLogEvent[] = []
  let timer: NodeJS.Timeout | undefined
  let sending = prepare(client, groupName, streamName)

  function flush(): void {
    timer = undefined
    for (const logEvents of inBatches(waiting)) {
      sending = sending.then(async () => {
        await client.send(new PutLogEventsCommand({ logGroupName: groupName, logStreamName: streamName, logEvents }))
      })
    }
    waiting = []
    sending = sending.catch((error: Error) => onLog(`the log of a build could not be written to ${groupName}: ${error.message}`))
  }
  return {
    write(line) {
      // CloudWatch Logs refuses empty messages.
      waiting.push({ timestamp: Date.now(), message: line.slice(0, eventCharacters) || ' ' })
      timer ??= setTimeout(flush, flushMs)
    },
    async end() {
      clearTimeout(timer)
      flush()
      await sending
    },
  }
}

async function prepare(client: CloudWatchLogsClient, logGroupName: string, logStreamName: string): Promise<void> {
  await unlessThere(client.send(new CreateLogGroupCommand({ logGroupName })))
  await unlessThere(client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })))
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  await made.catch((error: unknown) => {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error
  })
}

function* inBatches(events: readonly InputLogEvent[]): Generator<InputLogEvent[]> {
  let batch: InputLogEvent[] = []
  let bytes = 0
  for (const event of events) {
    const size = Buffer.byteLength(event.message ?? '') + 26
    if (batch.length === batchEvents || bytes + size > batchBytes) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(event)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
