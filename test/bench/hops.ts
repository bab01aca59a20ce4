import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { KMSClient } from '@aws-sdk/client-kms'
import { createIdentity } from '../../access/create-identity.ts'
import { createKmsSigner } from '../../api/adapters/kms-signer.ts'
import { createAwsClients } from '../../aws/clients.ts'
import { readContract } from '../../aws/contract.ts'
import { platform } from '../../sandbox/platform-input.ts'
import { call, initializeBody } from '../bridge/support/raw.ts'
import { controlPlane } from '../support/control-plane.ts'
import { listProcesses } from '../support/resources/list-processes.ts'
import type { SandboxProcess } from '../support/sandbox-process.ts'
import { streamingServer } from '../support/streaming-server.ts'
import type { Bench } from './bench.ts'
import { median, type Row } from './table.ts'

const serverId = 'hops'
const rounds = 500
const warmUp = 50

type Headers = Readonly<Record<string, string>>
type Send = (method: string, path: string, headers: Headers, body?: unknown) => Promise<{ status: number; headers: Headers }>

/** A client with one connection. */
function clientOf(origin: string, agent: Agent): Send {
  return async (method, path, headers, body) => {
    const sent = request(origin + path, { method, agent, headers: { accept: 'application/json, text/event-stream', ...headers } })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = await once(sent, 'response')
    response.resume()
    await once(response, 'end')
    return { status: response.statusCode, headers: response.headers }
  }
}

const json = { 'content-type': 'application/json' }
const tool = call(1, 'measure', { text: 'x' })

/** A call of the tool again and again, in a session of its own. */
async function callThrough(send: Send, path: string, who: Headers): Promise<() => Promise<unknown>> {
  const { headers } = await send('POST', path, { ...who, ...json }, initializeBody())
  const session = { ...who, ...json, 'mcp-session-id': headers['mcp-session-id'] ?? '', 'mcp-protocol-version': '2025-11-25' }
  return () => expectStatus(send('POST', path, session, tool), 200)
}

async function expectStatus(answer: ReturnType<Send>, expected: number): Promise<void> {
  const { status } = await answer
  if (status !== expected) throw new Error(`HTTP ${status}, expected ${expected}`)
}

function callChild(child: ChildProcess): () => Promise<unknown> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  return () => {
    const answer = once(lines, 'line')
    child.stdin?.write(`${JSON.stringify(tool)}\n`)
    return answer
  }
}

async function identityOf({ region, emulatorUrl }: SandboxProcess): Promise<Headers> {
  const aws = { region, endpoint: emulatorUrl }
  const { contract } = await readContract(createAwsClients(aws).ssm, platform)
  const keyArn = contract.identityKey.arn
  const identity = createIdentity({ keyArn, sign: createKmsSigner(new KMSClient(aws), keyArn), now: () => new Date() })
  return { 'x-gantry-identity': await identity({ id: 'bench', admin: true, groups: [] }, serverId) }
}

/** Where the bridge of the server's one task listens. */
function bridgeOrigin({ pid }: SandboxProcess): string {
  const bridge = listProcesses(pid, serverId).find(({ command }) => command.startsWith('/opt/gantry/node /opt/gantry/bridge.mjs'))
  const environment = readFileSync(`/proc/${bridge?.pid}/environ`, 'utf8').split('\0')
  const variable = (name: string) => environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
  return `http://${variable('GANTRY_HOST')}:${variable('GANTRY_PORT')}`
}

async function measure(ways: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number>> {
  const microseconds = Object.fromEntries(Object.keys(ways).map((name): [string, number[]] => [name, []]))
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (const [name, act] of Object.entries(ways)) {
      const started = performance.now()
      await act()
      if (round >= warmUp) microseconds[name]?.push((performance.now() - started) * 1000)
    }
  }
  return Object.fromEntries(Object.entries(microseconds).map(([name, values]) => [name, median(values)]))
}

/** What each hop of the sandbox adds to one call of a tool that does nothing, one call at a time. */
export async function hops(bench: Bench): Promise<Row[]> {
  const sandbox = await bench.start(await bench.directory('hops'))
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  const { run } = await gantry.create({ name: serverId, serverType: 'stdio', startCommand: streamingServer })
  if (run.status !== 'SUCCEEDED') throw new Error(`the run ended ${run.status}`)
  const agent = new Agent({ keepAlive: true, noDelay: true })
  const [file = '', ...args] = streamingServer
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const edge = clientOf(sandbox.url, agent)
  const key = { authorization: `Bearer ${sandbox.adminKey}` }
  const path = `/mcp/${serverId}/mcp`
  bench.say(`${rounds} calls at each hop`)
  try {
    const { alone, bridge, routed, refused, whole } = (await measure({
      alone: callChild(child),
      bridge: await callThrough(clientOf(bridgeOrigin(sandbox), agent), path, await identityOf(sandbox)),
      routed: () => expectStatus(edge('OPTIONS', path, {}), 204),
      refused: () => expectStatus(edge('GET', '/mcp/nobody/mcp', key), 403),
      whole: await callThrough(edge, path, key),
    })) as Record<'alone' | 'bridge' | 'routed' | 'refused' | 'whole', number>
    const row = (what: string, value: number, how: string): Row => ({ what: `a call: ${what}`, value: `${value.toFixed(0)} µs`, how })
    return [
      row('child', alone, 'alone, through its pipes'),
      row('bridge', bridge - alone, 'called directly, less the child'),
      row('front and routing', routed, 'a preflight, which API Gateway answers by itself'),
      row('authorizer', refused - routed, 'a call that it refuses, less a preflight; it reads the key from the emulator each time'),
      row('load balancer and forwarding', whole - refused - bridge, 'what is left of the whole'),
      row('the whole', whole, `median of ${rounds}, one after the other, in turns with the others`),
    ]
  } finally {
    child.kill()
    agent.destroy()
    await gantry.remove(serverId)
  }
}
