import { expect, test } from 'vitest'
import { createInFlight } from '../../sandbox/in-flight.ts'

test('a backend without calls is idle at once', async () => {
  await createInFlight().idle('a', 60_000)
})

test('it is idle when its last call ends, whatever others do', async () => {
  const inFlight = createInFlight()
  for (const backend of ['a', 'a', 'b']) inFlight.begin(backend)
  let idle = false
  const waiting = inFlight.idle('a', 60_000).then(() => {
    idle = true
  })
  inFlight.end('a')
  await new Promise((resolve) => setImmediate(resolve))
  expect(idle).toBe(false)
  inFlight.end('a')
  await waiting
})

test('nobody is waited for longer than asked', async () => {
  const inFlight = createInFlight()
  inFlight.begin('a')
  await inFlight.idle('a', 10)
})
