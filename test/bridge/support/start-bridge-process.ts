import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Limits } from '../../../bridge/limits.ts'
import { returnMemory } from '../../../modules/container-environment.ts'
import { bridgeEnvironment, type LogLine } from './start-bridge.ts'

const program = fileURLToPath(new URL('bridge-with-limits.ts', import.meta.url))

type Options = { env?: Record<string, string>; limits?: Partial<Limits>; descriptors?: number }

/** The bridge as a process of its own, where descriptors, memory and signals count; it ends with the test. */
export async function startBridgeProcess({ env = {}, limits = {}, descriptors }: Options = {}) {
  const command = [process.execPath, '--import', 'tsx', program]
  const limited = descriptors === undefined ? [] : ['/bin/sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh']
  const [file = '', ...args] = [...limited, ...command]
  const child = spawn(file, args, {
    env: bridgeEnvironment({ ...Object.fromEntries([returnMemory]), LIMITS: JSON.stringify(limits), ...env }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  const logs: LogLine[] = []
  const lines = createInterface({ input: child.stdout }).on('line', (line) => logs.push(JSON.parse(line)))
  await once(lines, 'line')
  const port = Number(logs[0]?.port)
  const origin = `http://127.0.0.1:${port}`
  return {
    child,
    logs,
    port,
    origin,
    url: `${origin}/mcp/fixture/mcp`,
    /** What it holds of the machine. */
    count: async () => ({
      descriptors: (await readdir(`/proc/${pid}/fd`)).length,
      processes: (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).length,
      memoryMiB: Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    }),
  }
}
