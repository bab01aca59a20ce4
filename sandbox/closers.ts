/** What to undo, last first, each once; a step that fails does not keep the others from their turn. */
export interface Closers {
  add(close: () => unknown): void
  close(): Promise<void>
}

export function createClosers(): Closers {
  const all: (() => unknown)[] = []
  return {
    add: (close) => all.push(close),
    async close() {
      const failures: unknown[] = []
      for (let close = all.pop(); close; close = all.pop()) {
        try {
          await close()
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be stopped')
    },
  }
}
