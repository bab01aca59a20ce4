import { beforeAll, describe, expect, inject, test } from 'vitest'
import { rememberDelivery } from '../../store/deliveries.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const inDays = (days: number): StoreContext => ({ ...store, now: () => new Date(Date.now() + days * 86_400_000) })

describe('a delivery', () => {
  test('is new to exactly one of those who note it at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(() => rememberDelivery(store, 'race')))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('is known for seven days, whether DynamoDB has removed it or not', async () => {
    await rememberDelivery(store, 'known')
    expect([await rememberDelivery(inDays(6.9), 'known'), await rememberDelivery(inDays(7.1), 'known')]).toEqual([false, true])
  })
})
