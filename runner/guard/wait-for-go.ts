import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { GuardConfig } from './config.ts'
import { isAlive } from './is-alive.ts'

type Waiting = Pick<GuardConfig, 'goFile' | 'runnerPid'>

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined)

/** Whether the runner has let the plan go. */
export const mayGo = async ({ goFile }: Waiting): Promise<boolean> => (await read(goFile)) === 'go'

/** Waits for the runner's word; false when it is `stop` or the runner is gone. */
export function waitForGo(config: Waiting, everyMilliseconds = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const look = async (): Promise<void> => {
      const word = await read(config.goFile)
      if (word === undefined && isAlive(config.runnerPid)) return
      watcher.close()
      clearInterval(timer)
      resolve(word === 'go')
    }
    const watcher = watch(dirname(config.goFile), () => void look())
    const timer = setInterval(() => void look(), everyMilliseconds)
    void look()
  })
}
