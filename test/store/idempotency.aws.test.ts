import { beforeAll, describe, expect, inject, test } from 'vitest'
import { abandonIdempotent, beginIdempotent, finishIdempotent } from '../../store/idempotency.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const call = (key: string, requestSha256 = 'one') => ({ principal: 'key:admin', key, requestSha256 })
const response = { status: 202, headers: { location: '/runs/1' }, body: '{"run":"1"}' }
const later = (seconds: number): StoreContext => ({ ...store, now: () => new Date(Date.now() + seconds * 1000) })

describe('an idempotency key', () => {
  test('is begun by exactly one of the calls that carry it at once', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => beginIdempotent(store, call('race'))))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('IDEMPOTENCY_IN_PROGRESS')
  })

  test('gives the first answer again', async () => {
    await beginIdempotent(store, call('again'))
    await finishIdempotent(store, call('again'), response)
    expect(await beginIdempotent(store, call('again'))).toEqual({ state: 'finished', response })
  })

  test('is refused for another request', async () => {
    await beginIdempotent(store, call('reused'))
    await expect(beginIdempotent(store, call('reused', 'two'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  test('of another principal is another key', async () => {
    await beginIdempotent(store, call('shared'))
    expect(await beginIdempotent(store, { ...call('shared', 'two'), principal: 'key:other' })).toEqual({ state: 'begun' })
  })

  test('of a call that died can be begun anew after a minute', async () => {
    await beginIdempotent(store, call('died'))
    expect(await beginIdempotent(later(61), call('died'))).toEqual({ state: 'begun' })
  })

  test('of a call that did nothing can be begun anew at once', async () => {
    await beginIdempotent(store, call('abandoned'))
    await abandonIdempotent(store, call('abandoned'))
    expect(await beginIdempotent(store, call('abandoned'))).toEqual({ state: 'begun' })
  })

  test('is forgotten after a day', async () => {
    await beginIdempotent(store, call('old'))
    await finishIdempotent(store, call('old'), response)
    expect(await beginIdempotent(later(86_401), call('old', 'two'))).toEqual({ state: 'begun' })
  })
})
