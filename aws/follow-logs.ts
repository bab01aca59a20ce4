import { createHash } from 'node:crypto'
import { type CloudWatchLogsClient, FilterLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs'
import { type StreamLine, tailStreams } from './logs.ts'

export interface FollowOptions {
  readonly logGroup: string
  /** Where an earlier call ended; without it the newest lines. */
  readonly after?: string | undefined
  readonly lines: number
}

export interface Followed {
  /** Oldest first. */
  readonly lines: StreamLine[]
  readonly after: string
}

/** `<milliseconds>` and the lines of that millisecond that were seen. */
const position = /^(\d{1,15})((?:\.[\w-]{8})*)$/
const mostPages = 10

/**
 * A server's log from where an earlier call ended. A place in time, and not one token a stream: streams come and go with
 * tasks. Lines that arrive later than newer ones are not seen. Throws RangeError on an `after` that is not ours.
 */
export async function followLogs(logs: CloudWatchLogsClient, { logGroup, after, lines }: FollowOptions): Promise<Followed> {
  const at = parse(after)
  const found = at ? await since(logs, logGroup, at, lines) : await tailStreams(logs, { logGroup, lines })
  return { lines: found, after: nextPosition(found, at) }
}

interface Position {
  readonly at: number
  readonly seen: ReadonlySet<string>
}

function parse(after: string | undefined): Position | undefined {
  if (after === undefined) return undefined
  const found = position.exec(after)
  if (!found) throw new RangeError('not a position in a log')
  return { at: Number(found[1]), seen: new Set(found[2]?.split('.').slice(1)) }
}

async function since(logs: CloudWatchLogsClient, logGroupName: string, { at, seen }: Position, most: number): Promise<StreamLine[]> {
  const lines: StreamLine[] = []
  let nextToken: string | undefined
  for (let page = 0; page < mostPages && lines.length < most; page += 1) {
    try {
      const answer = await logs.send(
        new FilterLogEventsCommand({ logGroupName, startTime: at, limit: Math.min(most + seen.size, 10_000), nextToken }),
      )
      const all = (answer.events ?? []).map((event) => ({
        at: event.timestamp ?? 0,
        stream: event.logStreamName ?? '',
        message: (event.message ?? '').trimEnd(),
      }))
      lines.push(...all.filter((line) => line.at > at || !seen.has(digest(line))))
      nextToken = answer.nextToken
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return []
      throw error
    }
    if (nextToken === undefined) break
  }
  return lines.sort((a, b) => a.at - b.at).slice(0, most)
}

function nextPosition(lines: readonly StreamLine[], before: Position | undefined): string {
  const at = lines.at(-1)?.at ?? before?.at ?? 0
  const seen = lines.filter((line) => line.at === at).map(digest)
  return [at, ...new Set([...(before?.at === at ? before.seen : []), ...seen])].join('.')
}

const digest = ({ stream, message }: StreamLine): string =>
  createHash('sha256').update(`${stream}\n${message}`).digest('base64url').slice(0, 8)
