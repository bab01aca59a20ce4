import { expect, it } from 'vitest'
import { runSchemathesis } from './run-schemathesis.ts'

it('no call that its document allows or forbids gets a 5xx, an undocumented status or a body that breaks the document', async () => {
  const { exitCode, output, logged } = await runSchemathesis({ examples: 8, seed: 1 })
  expect({ exitCode, logged }, output).toEqual({ exitCode: 0, logged: [] })
  expect(output).toMatch(/Tested: (\d+)/)
})
