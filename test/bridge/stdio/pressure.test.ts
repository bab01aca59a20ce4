import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { createPressure } from '../../../bridge/stdio/pressure.ts'

/** A response without a socket keeps all that is written. */
function slowReader(): ServerResponse {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  response.write(Buffer.alloc(100_000))
  return response
}

function setUp() {
  const calls: string[] = []
  const source = { pause: () => calls.push('pause'), resume: () => calls.push('resume') }
  const { onWrite } = createPressure(source, 60)
  const [one, two] = [slowReader(), slowReader()]
  for (const reader of [one, two, one]) onWrite(reader)
  return { calls, one, two }
}

test('a source is held until the last slow reader has drained', () => {
  const { calls, one, two } = setUp()
  one.emit('drain')
  expect(calls).toEqual(['pause', 'pause'])
  two.emit('close')
  expect(calls).toEqual(['pause', 'pause', 'resume'])
})

test('a reader that takes nothing for a minute loses its connection', () => {
  vi.useFakeTimers()
  const { one, two } = setUp()
  vi.advanceTimersByTime(60_000)
  expect([one.destroyed, two.destroyed]).toEqual([true, true])
  vi.useRealTimers()
})
