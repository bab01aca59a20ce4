import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { followLogs } from '../../aws/follow-logs.ts'

let logs: CloudWatchLogsClient
const start = Date.now() - 60_000

beforeAll(() => {
  logs = new CloudWatchLogsClient({
    endpoint: inject('emulatorUrl'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
})

async function createGroup(name: string) {
  const logGroupName = `/gantry/test/${name}`
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  const streams = new Set<string>()
  const write = async (stream: string, ...lines: [number, string][]) => {
    if (!streams.has(stream)) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: stream }))
    streams.add(stream)
    const logEvents = lines.map(([at, message]) => ({ timestamp: start + at, message }))
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }))
  }
  const follow = (after?: string, lines = 100) => followLogs(logs, { logGroup: logGroupName, after, lines })
  return { write, follow }
}

const messages = ({ lines }: { lines: { message: string }[] }) => lines.map(({ message }) => message)

describe('followLogs', () => {
  test('gives the newest lines of all streams, then what came since, each once', async () => {
    const { write, follow } = await createGroup('each')
    await write('server/server/t1', [1, 'one'], [3, 'three'])
    await write('server/server/t2', [2, 'two'])
    const first = await follow(undefined, 2)
    expect(messages(first)).toEqual(['two', 'three'])
    await write('server/server/t2', [3, 'three too'], [4, 'four'])
    await write('server/server/t3', [5, 'five'])
    const second = await follow(first.after)
    expect(messages(second)).toEqual(['three too', 'four', 'five'])
    const third = await follow(second.after)
    expect([messages(third), third.after]).toEqual([[], second.after])
    await write('server/server/t3', [5, 'five again'])
    expect(messages(await follow(third.after))).toEqual(['five again'])
  })

  test('goes on where the limit cut it off', async () => {
    const { write, follow } = await createGroup('cut')
    await write('server/server/t1', [0, 'first'])
    const { after } = await follow()
    await write('server/server/t1', ...Array.from({ length: 7 }, (_, index): [number, string] => [index + 1, `line ${index}`]))
    const seen: string[] = []
    let position = after
    for (let page = 0; page < 4; page += 1) {
      const found = await follow(position, 3)
      expect(found.lines.length).toBeLessThanOrEqual(3)
      seen.push(...messages(found))
      position = found.after
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, index) => `line ${index}`))
  })

  test('finds nothing where there is no group, and begins when there is one', async () => {
    const nothing = await followLogs(logs, { logGroup: '/gantry/test/later', lines: 10 })
    expect(nothing).toEqual({ lines: [], after: '0' })
    const { write, follow } = await createGroup('later')
    expect((await follow(nothing.after)).lines).toEqual([])
    await write('bridge/bridge/t1', [1, 'hello'])
    expect((await follow(nothing.after)).lines).toEqual([{ at: start + 1, stream: 'bridge/bridge/t1', message: 'hello' }])
  })

  test.each(['', 'x', '1.short', '-1', '1.abcdefgh!'])('refuses the position %j', async (after) => {
    await expect(followLogs(logs, { logGroup: '/gantry/test/none', after, lines: 1 })).rejects.toThrow(RangeError)
  })
})
