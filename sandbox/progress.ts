/** Tells a person what a long start is doing: a line when a step begins, and one with its seconds when it is done. */
export interface Progress {
  step<T>(title: string, work: (say: (line: string) => void) => Promise<T>): Promise<T>
  note(line: string): void
}

export function createProgress(write: (line: string) => void, now: () => number): Progress {
  return {
    async step(title, work) {
      const started = now()
      write(`  … ${title}`)
      const result = await work((line) => write(`      ${line}`))
      write(`  ✓ ${title} (${((now() - started) / 1000).toFixed(1)} s)`)
      return result
    },
    note: (line) => write(`  ${line}`),
  }
}
