import { randomInt } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that can be listened on: `wanted`, or any free one for 0. Undefined when `wanted` is taken. */
export function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Below what Linux gives to outgoing connections (32768 and up), so that a sandbox that is down gets its port back. */
async function anyFreePort(): Promise<number | undefined> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = await freePort(randomInt(20_000, 32_768))
    if (port !== undefined) return port
  }
  return freePort(0)
}

/** Ports the sandbox had last time: clients and stored URLs hold on to them. */
export interface Ports {
  public: number
  /** The one AWS endpoint; stored URLs contain it, so it never changes while it can be had. */
  aws: number
}

/**
 * The ports for this start: `wanted` (0 = last time's, else any free) for the public one.
 * Throws one sentence when a port that was asked for is taken.
 */
export async function choosePorts(file: string, wanted: number): Promise<Ports> {
  const before = readPorts(file)
  const ports = {
    public: wanted === 0 ? await freeAgain(before?.public) : await freePort(wanted),
    aws: await freeAgain(before?.aws),
  }
  if (ports.public === undefined) {
    throw new Error(`Port ${wanted} of 127.0.0.1 is taken by another program; stop it, or choose a port with GANTRY_PORT (0 = any free).`)
  }
  if (ports.aws === undefined) throw new Error('No port of 127.0.0.1 is free; close some programs and start again.')
  writeFileSync(`${file}.draft`, JSON.stringify(ports), { mode: 0o600 })
  renameSync(`${file}.draft`, file)
  return ports as Ports
}

const freeAgain = async (before: number | undefined) => (before === undefined ? undefined : await freePort(before)) ?? anyFreePort()

function readPorts(file: string): Ports | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ports
  } catch {
    return undefined
  }
}
