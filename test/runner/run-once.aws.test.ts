import { beforeAll, describe, expect, inject, test } from 'vitest'
import { runOnce } from '../../runner/run-once.ts'
import { listEvents } from '../../store/events.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform(inject('emulatorUrl'))
})

const verified = { endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools: [{ name: 'echo' }] }

const work = (runId: string) =>
  runOnce({
    config: platform.config(runId),
    clients: platform.clients,
    store: platform.store,
    ports: { verify: async () => verified },
    signal: new AbortController().signal,
  })

describe('a run', () => {
  test('applies the saved plan through cdktf and leaves the server in service', async () => {
    const { run } = await platform.create('first')
    const status = await work(run.id)
    const events = await listEvents(platform.store, run.id)
    console.log(events.map((e) => `${e.type} ${e.message}`).join('\n'))
    expect((await readRun(platform.store, run.id))?.error).toBeUndefined()
    expect(status).toBe('SUCCEEDED')
    expect(await readServer(platform.store, 'first')).toMatchObject({ status: 'IN_SERVICE', appliedRevision: 1, tools: [{ name: 'echo' }] })
  }, 120_000)
})
