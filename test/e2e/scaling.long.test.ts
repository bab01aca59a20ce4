import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { keepCalling } from '../support/keep-calling.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const endpoint = `${sandbox.url}/mcp/scaling/mcp`
/** Calls in a row meet each task at least once: the load balancer takes them in turn. */
const rounds = 6

/** Each child has a name of its own. */
const startCommand = ['/bin/sh', '-c', 'export CHILD=$(cat /proc/sys/kernel/random/uuid); exec "$@"', 'sh', ...tinyServer()]

async function childOf(client: Client): Promise<string> {
  const { content } = await client.callTool({ name: 'environment', arguments: {} })
  return JSON.parse((content as { text: string }[])[0]?.text ?? '{}').CHILD
}

const gone = 'gone'

const childOrGone = (client: Client): Promise<string> =>
  childOf(client).catch((error: unknown) => {
    if (error instanceof StreamableHTTPError && error.code === 404) return gone
    throw error
  })

const sessionOf = ({ transport }: Client): string => (transport as StreamableHTTPClientTransport).sessionId ?? ''

/** What every task answers to a call of a session. */
async function askEveryTask(session: string, key: string): Promise<number[]> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-session-id': session,
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })
  const statuses: number[] = []
  for (let round = 0; round < rounds; round++) statuses.push((await fetch(endpoint, { method: 'POST', headers, body })).status)
  return [...new Set(statuses)]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

async function scaleTo(tasks: number): Promise<void> {
  const { run } = await gantry.patch('scaling', { autoScalingConfig: { minCapacity: tasks, maxCapacity: tasks } })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
}

it('scales from one task to three and back under clients that keep calling, without a lost call', async ({ annotate }) => {
  expect((await gantry.create({ name: 'scaling', serverType: 'stdio', startCommand })).run).toMatchObject({ status: 'SUCCEEDED' })
  const keepOnCalling = () => keepCalling(endpoint, sandbox.adminKey, 'environment')
  const calling = [keepOnCalling()]
  try {
    await scaleTo(3)
    // Their sessions are anywhere.
    calling.push(keepOnCalling(), keepOnCalling())
    const clients = await Promise.all(Array.from({ length: rounds }, () => mcpClient(endpoint, sandbox.adminKey)))
    const children: string[] = []
    for (const client of clients) {
      const answered = new Set<string>()
      for (let round = 0; round < rounds; round++) answered.add(await childOf(client))
      expect([...answered], 'a session reaches its own child through every task').toHaveLength(1)
      children.push(...answered)
    }
    expect(new Set(children).size, 'and no other session does').toBe(rounds)

    const session = sessionOf(clients[0] as Client)
    const { body: other } = await gantry.call<{ token: string }>('POST', '/api-keys', { description: 'another caller', groups: [] })
    expect(await askEveryTask(session, sandbox.adminKey)).toEqual([200])
    expect(await askEveryTask(session, other.token), "another caller's session").toEqual([404])
    expect(await askEveryTask(`${session.startsWith('A') ? 'B' : 'A'}${session.slice(1)}`, sandbox.adminKey), 'mangled').toEqual([404])
    expect(await askEveryTask('A'.repeat(session.length), sandbox.adminKey), 'forged').toEqual([404])

    await scaleTo(1)
    // Tasks that are on their way out serve the sessions they have until their calls are answered.
    await expect.poll(() => Promise.all(clients.map(childOrGone)), { timeout: 60_000, interval: 500 }).toContain(gone)
    const after = await Promise.all(clients.map(childOrGone))
    expect(
      after.map((child, index) => child === gone || child === children[index]),
      'no session meets another child',
    ).not.toContain(false)
    for (const client of clients) await client.close()
  } finally {
    const calls = await Promise.all(calling.map(({ stop }) => stop()))
    const [made, moved] = [sum(calls.map(({ made }) => made)), sum(calls.map(({ sessionsMoved }) => sessionsMoved))]
    const failures = calls.flatMap((one) => one.failures)
    await annotate(`${made} calls, ${failures.length} failed, ${moved} times a session was gone`)
    expect(failures).toEqual([])
    expect(made).toBeGreaterThan(100)
  }
  expect((await gantry.remove('scaling')).run).toMatchObject({ status: 'SUCCEEDED' })
}, 600_000)
