import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They take many minutes each, so nothing may have to wait for one of them alone. */
const longest = ['life', 'killed', 'rolling', 'streams']

/** Files that need the shared sandbox come last, since it takes its time to start. */
export class SandboxLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const name = /\/test\/e2e\/([^/.]+)/.exec(moduleId)?.[1]
      if (name === undefined) return 0
      return longest.includes(name) ? 1 : 2
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
