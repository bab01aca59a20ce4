import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createServer } from '../../store/create-server.ts'
import { appendEvent, listEvents } from '../../store/events.ts'
import { readRun } from '../../store/runs.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { createStore } from '../support/create-store.ts'
import { newEvent, newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

describe('appendEvent', () => {
  test('three writers at once leave no gap and lose nothing', async () => {
    const { run } = await createServer(store, newServer('writers'))
    const writers = ['api', 'runner', 'reconciler'] as const
    await Promise.all(
      writers.map(async (writer) => {
        for (let i = 0; i < 15; i += 1) await appendEvent(store, run.id, { writer, type: 'step.started', message: `${writer} ${i}` })
      }),
    )
    const events = await listEvents(store, run.id)
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: 46 }, (_, index) => index + 1))
    for (const writer of writers) {
      const own = events.filter((event) => event.writer === writer && event.type === 'step.started')
      expect(own.map(({ message }) => message)).toEqual(Array.from({ length: 15 }, (_, i) => `${writer} ${i}`))
    }
    expect((await readRun(store, run.id))?.eventCount).toBe(46)
  })

  test('gives back what it was given, nested data included', async () => {
    const { run } = await createServer(store, newServer('data'))
    const event = await appendEvent(store, run.id, { ...newEvent('äöü "quoted"\n'), data: { deep: [{ a: null }], n: 0.1 } })
    expect((await listEvents(store, run.id, 1))[0]).toEqual(event)
  })

  test('events after a number come in pages', async () => {
    const { run } = await createServer(store, newServer('after'))
    for (const message of ['two', 'three', 'four']) await appendEvent(store, run.id, newEvent(message))
    expect((await listEvents(store, run.id, 1, 2)).map(({ message }) => message)).toEqual(['two', 'three'])
    expect(await listEvents(store, run.id, 4)).toEqual([])
  })

  test('a run that does not exist is said so', async () => {
    await expect(appendEvent(store, 'nobody', newEvent())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
