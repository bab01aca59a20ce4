import { App, Testing } from 'cdktf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutTasks } from '../../runner/without-tasks.ts'
import { ServerStack } from '../../stacks/server-stack.ts'
import { arbitraryDefinition } from '../support/arbitrary-definition.ts'
import { exampleContract } from '../support/synth-inputs.ts'

test('files without tasks are what synthesis makes of the same server when it is stopped', () => {
  fc.assert(
    fc.property(arbitraryDefinition, (definition) => {
      const synth = (enabled: boolean) => {
        const input = { kind: 'server', uid: 'u1', definition, enabled, contract: exampleContract() } as const
        return JSON.parse(Testing.synth(new ServerStack(Testing.stubVersion(new App({ stackTraces: false })), 'server', input), true))
      }
      const [running, stopped] = [synth(true), synth(false)]
      expect(withoutTasks(running)).toEqual(stopped)
      expect(withoutTasks(stopped)).toEqual(stopped)
    }),
    { numRuns: 30 },
  )
})
