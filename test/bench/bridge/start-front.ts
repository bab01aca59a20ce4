import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Front } from './fronts.ts'
import { beginSession, type Endpoint, type McpSession } from './mcp-session.ts'
import { descendants, isAlive } from './process-facts.ts'

export interface RunningFront extends Endpoint {
  readonly front: Front
  readonly pid: number
  readonly process: ChildProcess
  readonly millisecondsToListen: number
  begin(): Promise<McpSession>
  stop(): Promise<void>
}

const listenWithinMs = 20_000
const stopWithinMs = 5000
const running = new Set<RunningFront>()

export async function startFront(front: Front, server: readonly [string, ...string[]]): Promise<RunningFront> {
  const port = await freePort()
  const { args, env } = front.start(port, server)
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  })
  const endpoint = { port, path: front.path, headers: front.headers }
  const started: RunningFront = {
    ...endpoint,
    front,
    pid: child.pid ?? 0,
    process: child,
    get millisecondsToListen() {
      return listening - began
    },
    begin: () => beginSession(endpoint),
    stop: async () => {
      running.delete(started)
      await endProcess(child)
    },
  }
  running.add(started)
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${front.name} ended with exit code ${child.exitCode} before it listened.`)
    if (performance.now() - began > listenWithinMs) throw new Error(`${front.name} did not listen within ${listenWithinMs} ms.`)
    await sleep(1)
  }
  const listening = performance.now()
  return started
}

export async function stopFronts(): Promise<void> {
  await Promise.all([...running].map((front) => front.stop()))
}

/** Ends a process and, where it leaves any, the children it had. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const below = descendants(child.pid ?? 0)
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  await once(child, 'exit')
  clearTimeout(patience)
  for (const pid of below) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
