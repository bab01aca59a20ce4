import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('run-front.ts', import.meta.url))

export interface SpawnedFront {
  readonly url: string
  readonly port: number
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A front that can be killed as `kill -9` of a sandbox would. */
export async function spawnFront(directory: string, port = 0): Promise<SpawnedFront> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    url,
    port: Number(new URL(url).port),
    async kill(signal) {
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}
