import { expect, test } from 'vitest'
import { readAnswer } from '../support/raw.ts'
import { startTasks } from '../support/start-tasks.ts'
import { ask } from '../support/stateless.ts'

const capable = { _meta: { 'io.modelcontextprotocol/clientCapabilities': { roots: {} } } }
const callAsk = (url: string, params: object = {}) => ask(url, 'tools/call', { name: 'ask', arguments: {}, ...params }, capable)

/** A call that waits at this task, and what its client calls again with. */
async function held(url: string) {
  const { result } = (await (await callAsk(url)).json()) as { result: { inputRequests: object; requestState: string } }
  const [key = ''] = Object.keys(result.inputRequests)
  return { requestState: result.requestState, inputResponses: { [key]: { roots: [{ uri: 'file:///here' }] } } }
}

test('a call that waits in one task goes on when its client calls again through another, where no server is started', async () => {
  const { here, there } = await startTasks()
  const { result } = await readAnswer(await callAsk(here.url, await held(there.url)))
  expect(result?.content[0]?.text).toContain('file:///here')
  expect(here.logs.filter(({ msg }) => msg === 'session started')).toEqual([])
})

test('a call whose task is gone waits nowhere', async () => {
  const { here, there } = await startTasks()
  const retry = await held(there.url)
  await there.bridge.drain()
  const answer = await callAsk(here.url, retry)
  expect([answer.status, (await readAnswer(answer)).error?.code]).toEqual([400, -32602])
})
