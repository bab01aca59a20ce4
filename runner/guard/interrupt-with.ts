import { isAlive } from './is-alive.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Interrupts when the guard is signalled, its terminal closes or the runner is gone; returns how to stop watching. */
export function interruptWith(interrupt: () => void, runnerPid: number, everyMilliseconds = 1000): () => void {
  for (const signal of signals) process.on(signal, interrupt)
  const timer = setInterval(() => {
    if (!isAlive(runnerPid)) interrupt()
  }, everyMilliseconds)
  return () => {
    clearInterval(timer)
    for (const signal of signals) process.off(signal, interrupt)
  }
}
