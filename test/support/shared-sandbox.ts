import { existsSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Ready } from './sandbox-setup.ts'

const home = inject('sandboxHome')
const file = join(home, 'ready.json')

await new Promise<void>((resolve) => {
  const look = () => {
    if (!existsSync(file)) return
    watcher.close()
    resolve()
  }
  const watcher = watch(home, look)
  look()
})
const ready: Ready = JSON.parse(readFileSync(file, 'utf8'))
if ('error' in ready) throw new Error(`The sandbox did not start: ${ready.error}`)

/** The sandbox and the template of all files; whoever imports this waits for them. */
export const { sandbox, template } = ready
