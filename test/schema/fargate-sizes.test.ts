import { expect, test } from 'vitest'
import { fargateMemoryMiB } from '../../schema/fargate-sizes.ts'

test.each([
  [256, 512, 2048, 3],
  [512, 1024, 4096, 4],
  [1024, 2048, 8192, 7],
  [2048, 4096, 16_384, 13],
  [4096, 8192, 30_720, 23],
  [8192, 16_384, 61_440, 12],
  [16_384, 32_768, 122_880, 12],
])('cpu %i goes from %i to %i MiB in %i sizes', (cpu, least, most, count) => {
  const legal = fargateMemoryMiB.get(cpu) ?? []
  expect([legal[0], legal.at(-1), legal.length]).toEqual([least, most, count])
})
