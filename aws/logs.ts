import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'

export interface TailOptions {
  readonly logGroup: string
  /** Only streams of this task. */
  readonly taskId?: string
  readonly lines: number
}

export interface LogLine {
  /** When the container wrote it, in milliseconds since 1970. */
  readonly at: number
  readonly message: string
}

export interface StreamLine extends LogLine {
  /** `<container>/<container>/<taskId>` */
  readonly stream: string
}

/** The newest lines of a server's containers, oldest first; none where the group does not exist. */
export async function tailLogs(logs: CloudWatchLogsClient, options: TailOptions): Promise<LogLine[]> {
  return (await tailStreams(logs, options)).map(({ at, message }) => ({ at, message }))
}

/** The same, each with the stream it came by. */
export async function tailStreams(logs: CloudWatchLogsClient, options: TailOptions): Promise<StreamLine[]> {
  const { logGroup, taskId, lines } = options
  try {
    const { logStreams = [] } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: logGroup, orderBy: 'LastEventTime', descending: true, limit: 10 }),
    )
    const streams = logStreams.flatMap(({ logStreamName }) =>
      logStreamName && (!taskId || logStreamName.endsWith(`/${taskId}`)) ? [logStreamName] : [],
    )
    const batches = await Promise.all(streams.map((stream) => tailStream(logs, logGroup, stream, lines)))
    return batches
      .flat()
      .sort((a, b) => a.at - b.at)
      .slice(-lines)
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return []
    throw error
  }
}

async function tailStream(logs: CloudWatchLogsClient, logGroupName: string, logStreamName: string, limit: number): Promise<StreamLine[]> {
  const { events = [] } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, limit, startFromHead: false }))
  return events.map((event) => ({ at: event.timestamp ?? 0, stream: logStreamName, message: (event.message ?? '').trimEnd() }))
}
