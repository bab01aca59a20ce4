/** Counts the calls that each backend is answering, so that one can be taken out of service without cutting them off. */
export interface InFlight {
  begin(backend: string): void
  end(backend: string): void
  /** Resolves when the backend answers nothing, but after `timeoutMs` at the latest. */
  idle(backend: string, timeoutMs: number): Promise<void>
}

export function createInFlight(): InFlight {
  const counts = new Map<string, number>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    begin: (backend) => void counts.set(backend, (counts.get(backend) ?? 0) + 1),
    end: (backend) => {
      const left = (counts.get(backend) ?? 1) - 1
      if (left > 0) return void counts.set(backend, left)
      counts.delete(backend)
      for (const wake of waiting.get(backend) ?? []) wake()
    },
    idle: (backend, timeoutMs) => {
      if (!counts.has(backend)) return Promise.resolve()
      return new Promise((resolve) => {
        const wakers = waiting.get(backend) ?? new Set()
        waiting.set(backend, wakers)
        const done = (): void => {
          clearTimeout(timer)
          wakers.delete(done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        wakers.add(done)
      })
    },
  }
}
