import { expect, test } from 'vitest'
import { createCache } from '../../../sandbox/gateway/cache.ts'

function setup() {
  let now = 0
  let reads = 0
  const cache = createCache(1000, () => now)
  return { read: () => cache.get('k', async () => ++reads), cache, at: (time: number) => (now = time) }
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('calls at once share one read', async () => {
  const { read } = setup()
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
})

test('a value is renewed behind the back in the second half of its life', async () => {
  const { read, at } = setup()
  await read()
  at(600)
  expect(await read()).toBe(1)
  await settle()
  expect(await read()).toBe(2)
})

test('nothing older than its life is given out', async () => {
  const { read, at } = setup()
  await read()
  at(1001)
  expect(await read()).toBe(2)
})

test('what failed is asked for again', async () => {
  const cache = createCache(1000)
  await expect(cache.get('k', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await cache.get('k', async () => 'back')).toBe('back')
})

test('after a clear everything is read anew', async () => {
  const { read, cache } = setup()
  await read()
  cache.clear()
  expect(await read()).toBe(2)
})

test('a renewal that began before a clear does not bring the old value back', async () => {
  let now = 0
  const cache = createCache(1000, () => now)
  await cache.get('key', async () => 'first')
  now = 600
  let answer: (value: string) => void = () => undefined
  const slow = new Promise<string>((resolve) => {
    answer = resolve
  })
  await cache.get('key', () => slow)
  cache.clear()
  expect(await cache.get('key', async () => 'new')).toBe('new')
  answer('old')
  await slow
  expect(await cache.get('key', async () => 'newer')).toBe('new')
})
