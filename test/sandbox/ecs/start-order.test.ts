import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startOrder } from '../../../sandbox/ecs/start-order.ts'

const container = (name: string, ...dependsOn: string[]) => ({
  name,
  dependsOn: dependsOn.map((containerName) => ({ containerName, condition: 'START' as const })),
})

test('every container comes after all that it depends on', () => {
  // Each container may depend on any that has a smaller number, so there is no circle; the list is shuffled.
  const graphs = fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.tuple(
        fc.array(fc.array(fc.nat(7)), { minLength: size, maxLength: size }),
        fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      ),
    )
  fc.assert(
    fc.property(graphs, ([edges, order]) => {
      const all = edges.map((targets, index) =>
        container(`c${index}`, ...targets.filter((target) => target < index).map((target) => `c${target}`)),
      )
      const sorted = startOrder(order.flatMap((index) => all[index] ?? []))
      expect(sorted).toHaveLength(all.length)
      for (const [position, one] of sorted.entries()) {
        for (const { containerName } of one.dependsOn ?? [])
          expect(sorted.findIndex(({ name }) => name === containerName)).toBeLessThan(position)
      }
    }),
  )
})

test('a circle is refused, and shown', () => {
  expect(() => startOrder([container('a', 'b'), container('b', 'a')])).toThrow('a → b → a')
})

test('a dependency that does not exist is refused', () => {
  expect(() => startOrder([container('a', 'ghost')])).toThrow('container a depends on ghost')
})
