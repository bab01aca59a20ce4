import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Definition } from '../../schema/definition.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import { createContract } from '../api/create-contract.ts'
import { arbitraryDefinition, arbitraryDefinitionInput } from '../support/arbitrary-definition.ts'

test('what the schema gave out it accepts again, unchanged', () => {
  fc.assert(
    fc.property(arbitraryDefinition, (definition) => {
      expect(Definition.parse(definition)).toEqual(definition)
    }),
  )
})

test('what the schema gave out survives JSON', () => {
  fc.assert(
    fc.property(arbitraryDefinition, (definition) => {
      expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
    }),
  )
})

test('free text comes out as it went in', () => {
  fc.assert(
    fc.property(arbitraryDefinitionInput, (input) => {
      const { environment = {}, startCommand, description } = Definition.parse(input)
      expect({ environment, startCommand, description }).toEqual({
        environment: input.environment ?? {},
        startCommand: 'startCommand' in input ? input.startCommand : undefined,
        description: input.description,
      })
    }),
  )
})

test('resolving twice is resolving once', () => {
  const contract = createContract()
  fc.assert(
    fc.property(arbitraryDefinition, (definition) => {
      const once = resolveDefinition(definition, contract)
      expect(resolveDefinition(once, contract)).toEqual(once)
    }),
  )
})
