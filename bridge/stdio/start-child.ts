import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { StdioServer } from '../config.ts'
import type { LargePayloads } from '../large-payloads.ts'
import { describeStartError } from './describe-start-error.ts'
import { createIntake } from './intake.ts'
import type { Peer, PeerListener } from './peer.ts'
import { createLineSplitter } from './split-lines.ts'

const stderrLineBytes = 8192
const stderrBytesPerSecond = 256 * 1024
const keptStderrLines = 10

type Options = PeerListener & { server: StdioServer; maxLineBytes: number; graceSeconds: number; payloads: LargePayloads }

/**
 * Starts the server's command in a process group of its own. `stop` ends its stdin, then comes SIGTERM, then SIGKILL to the group;
 * `kill` is the last of these at once.
 */
export function startChild(options: Options): Peer {
  const [program, ...args] = options.server.command
  const child = spawn(program, args, { env: options.server.environment, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  // Without descriptors left, Node makes no pipes at all.
  if (!child.stdin) {
    child.on('error', () => {})
    throw new Error('No file descriptors are left to start the server.')
  }
  const lastLines: string[] = []
  let cause: string | undefined
  let ended = false
  let timer: NodeJS.Timeout | undefined
  let draining: Promise<void> | undefined
  const signalGroup = (signal: NodeJS.Signals) => signalProcessGroup(child, signal)

  const finish = () => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    options.onEnd({ cause: cause ?? 'no exit code', lastLines })
  }
  const kill = () => signalGroup('SIGKILL')
  const giveUp = (reason: string) => {
    cause ??= reason
    kill()
  }
  const later = (seconds: number, act: () => void) => {
    clearTimeout(timer)
    timer = setTimeout(act, seconds * 1000)
  }

  child.on('error', (error) => {
    if (child.pid !== undefined || ended) return
    ended = true
    options.onEnd({ cause: describeStartError(error, program, options.server.environment.PATH) })
  })
  child.once('exit', (code, signal) => {
    cause ??= signal ? `signal ${signal}` : `exit code ${code}`
    // What the leader leaves behind must not outlive it, nor keep its pipes open.
    kill()
    child.stdout.resume()
    child.stderr.resume()
    later(1, finish)
  })
  child.once('close', finish)
  // A child that closed its stdin can be told nothing any more, and one that closed its stdout tells nothing. Most are about to exit.
  const overdue = (reason: string) => {
    if (timer === undefined && cause === undefined) later(1, () => giveUp(reason))
  }
  child.stdin.on('error', () => overdue('it closed its stdin'))
  child.stdout.once('end', () => overdue('it closed its stdout'))
  child.stdout.on('error', kill)
  child.stderr.on('error', () => {})
  const intake = createIntake({
    stream: child.stdout,
    split: splitterOf(child.stdout, options.maxLineBytes, options.onLine),
    maxMessageBytes: options.maxLineBytes,
    payloads: options.payloads,
    onShed: () => giveUp('it took too long over a large message'),
  })
  const splitStderr = splitterOf(child.stderr, stderrLineBytes, (bytes) => {
    const line = bytes.toString().trimEnd()
    if (line === '') return
    lastLines.push(line)
    if (lastLines.length > keptStderrLines) lastLines.shift()
    options.onStderr(line)
  })
  const pace = createPace(child.stderr, stderrBytesPerSecond)
  child.stderr.on('data', (chunk: Buffer) => {
    splitStderr(chunk)
    pace(chunk.length)
  })

  return {
    pid: child.pid,
    write: ({ line }) => void (child.stdin.writable && child.stdin.write(line)),
    drained: () => {
      if (!child.stdin.writableNeedDrain) return undefined
      // One promise for all who wait.
      draining ??= drained(child.stdin).then(() => {
        draining = undefined
      })
      return draining
    },
    pause: intake.pause,
    resume: intake.resume,
    stop: () => {
      if (ended) return
      child.stdin.end()
      child.stdout.resume()
      // Most servers end with their stdin; those under npx do not hear of it.
      later(options.graceSeconds / 5, () => {
        signalGroup('SIGTERM')
        later(options.graceSeconds, kill)
      })
    },
    kill,
  }
}

function splitterOf(stream: Readable, maxBytes: number, onLine: (line: Buffer, cut: boolean) => void): (chunk: Buffer) => number {
  const split = createLineSplitter(maxBytes, onLine)
  // The last line of a child that died may lack its newline.
  stream.once('end', () => split(Buffer.from('\n')))
  return split
}

/** Lets a stream that floods wait for the next second. */
function createPace(stream: Readable, bytesPerSecond: number): (bytes: number) => void {
  let spent = 0
  let since = Date.now()
  return (bytes) => {
    const now = Date.now()
    if (now - since >= 1000) {
      since = now
      spent = 0
    }
    spent += bytes
    if (spent < bytesPerSecond) return
    stream.pause()
    setTimeout(() => stream.resume(), since + 1000 - now).unref()
  }
}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stdin.off('drain', done).off('close', done)
      resolve()
    }
    stdin.on('drain', done).on('close', done)
  })
}

function signalProcessGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is already gone.
  }
}
