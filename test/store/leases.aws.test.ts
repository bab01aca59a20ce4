import { beforeAll, describe, expect, inject, test } from 'vitest'
import { acquireLease, releaseLease } from '../../store/leases.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const later = (seconds: number): StoreContext => ({ ...store, now: () => new Date(Date.now() + seconds * 1000) })

describe('a lease', () => {
  test('goes to exactly one of those who ask at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => acquireLease(store, 'race', holder, 60)))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('is renewed by its holder', async () => {
    await acquireLease(store, 'renewed', 'a', 60)
    expect(await acquireLease(later(50), 'renewed', 'a', 60)).toBe(true)
    expect(await acquireLease(later(70), 'renewed', 'b', 60)).toBe(false)
  })

  test('that ran out goes to the next, and its old holder cannot release it', async () => {
    await acquireLease(store, 'expired', 'a', 60)
    expect(await acquireLease(later(61), 'expired', 'b', 60)).toBe(true)
    await releaseLease(store, 'expired', 'a')
    expect(await acquireLease(later(62), 'expired', 'c', 60)).toBe(false)
  })

  test('that was released is free', async () => {
    await acquireLease(store, 'released', 'a', 60)
    await releaseLease(store, 'released', 'a')
    expect(await acquireLease(store, 'released', 'b', 60)).toBe(true)
  })
})
