import { beforeAll, expect, inject, test } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { createApplyRun } from '../../store/create-apply-run.ts'
import { createCheckRun } from '../../store/create-check-run.ts'
import { createServer } from '../../store/create-server.ts'
import { finishServer } from '../../store/finish-server.ts'
import { finishVerification } from '../../store/finish-verification.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createStore } from '../support/create-store.ts'
import { newEvent, newRun, newServer } from '../support/store-records.ts'

let store: StoreContext
beforeAll(async () => {
  store = await createStore(inject('emulatorUrl'))
})

const of = (server: Server) => ({ serverId: server.id, serverUid: server.uid })
const queueVerify = (server: Server) =>
  createCheckRun(store, { run: { ...newRun(of(server), { revision: server.revision }), type: 'verify' }, event: newEvent() })

async function inService(id: string): Promise<Server> {
  const { run } = await createServer(store, newServer(id))
  const applying = await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'CREATING' })
  await finishServer(store, { run: applying.run, to: 'IN_SERVICE', patch: { tools: [{ name: 'old' }] } })
  return (await readServer(store, id)) as Server
}

test("a verify run takes no lease, and its tools are the server's from then on", async () => {
  const server = await inService('proven')
  const run = await queueVerify(server)
  expect(await readServer(store, 'proven')).toMatchObject({ status: 'IN_SERVICE', lastRunId: server.lastRunId, verifyRunId: run.id })
  const verifying = await transitionRun(store, run, 'VERIFYING')
  expect(await finishVerification(store, { run: verifying, server, tools: [{ name: 'new' }] })).toMatchObject({ status: 'SUCCEEDED' })
  expect(await readServer(store, 'proven')).toMatchObject({ status: 'IN_SERVICE', generation: 1, tools: [{ name: 'new' }] })
})

test('a verify run that fails leaves its server what it was', async () => {
  const server = await inService('shy')
  const verifying = await transitionRun(store, await queueVerify(server), 'VERIFYING')
  await transitionRun(store, verifying, 'FAILED', { error: { code: 'VERIFY_FAILED', message: 'no answer' } })
  expect(await readServer(store, 'shy')).toMatchObject({ status: 'IN_SERVICE', tools: [{ name: 'old' }] })
})

test('tools seen while another run began to apply are not kept', async () => {
  const server = await inService('moving')
  const verifying = await transitionRun(store, await queueVerify(server), 'VERIFYING')
  const { run } = await createApplyRun(store, { run: newRun(of(server), { revision: server.revision }), event: newEvent() })
  await beginApply(store, { run: await transitionRun(store, run, 'PLANNING'), serverTo: 'UPDATING' })
  await expect(finishVerification(store, { run: verifying, server, tools: [{ name: 'new' }] })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await readServer(store, 'moving')).toMatchObject({ tools: [{ name: 'old' }] })
  expect(await readRun(store, verifying.id)).toMatchObject({ status: 'VERIFYING' })
})

test('a server is verified by one run at a time', async () => {
  const server = await inService('once')
  const run = await queueVerify(server)
  await expect(queueVerify(server)).rejects.toMatchObject({ code: 'WRONG_STATUS', message: expect.stringContaining(run.id) })
  await transitionRun(store, await transitionRun(store, run, 'VERIFYING'), 'FAILED')
  await expect(queueVerify(server)).resolves.toMatchObject({ status: 'QUEUED' })
})

test('of two calls at once one makes the run', async () => {
  const server = await inService('raced')
  const made = await Promise.allSettled([queueVerify(server), queueVerify(server)])
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a server that does not serve is not verified', async () => {
  await createServer(store, newServer('creating'))
  await expect(queueVerify((await readServer(store, 'creating')) as Server)).rejects.toMatchObject({
    code: 'WRONG_STATUS',
    message: expect.stringContaining('it is CREATING'),
  })
})
