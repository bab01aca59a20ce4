import { createContext, Script } from 'node:vm'

const context = createContext(Object.create(null))
const script = new Script('work()')

/** More than any honest rule needs: one about each of 300 resources takes a millisecond. */
const limitMilliseconds = 1000

/**
 * What the work returns; throws where it takes longer than a second, whatever it is at, a regular expression included. Not a
 * sandbox: the watchdog alone is used.
 */
export function withinTime<T>(work: () => T): T {
  context.work = work
  try {
    return script.runInContext(context, { timeout: limitMilliseconds }) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Error(`it took longer than ${limitMilliseconds} ms`)
  }
}
