import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOnce } from '../../runner/run-once.ts'
import { installEmulator } from '../../sandbox/emulator/install-emulator.ts'
import { type Emulator, startEmulator } from '../../sandbox/emulator/start-emulator.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { listEvents } from '../../store/events.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { venvDirectory } from '../support/venv-directory.ts'
import { createTestPlatform, type TestPlatform } from './support/test-platform.ts'

let emulator: Emulator
let platform: TestPlatform
beforeAll(async () => {
  const python = await installEmulator({ directory: venvDirectory, onProgress: () => {} })
  emulator = await startEmulator({ python })
  platform = await createTestPlatform(emulator.url)
})
afterAll(async () => {
  await platform.programs.remove()
  await emulator.stop()
})

const work = (runId: string, environment: Record<string, string> = {}) => {
  const config = platform.config(runId)
  return runOnce({
    config: { ...config, environment: { ...config.environment, ...environment } },
    clients: platform.clients,
    store: platform.store,
    ports: { settle: async () => {}, verify: async () => ({ endpoint: 'http://127.0.0.1:1/mcp/x/mcp', tools: [] }) },
    signal: new AbortController().signal,
  })
}
const make = async (id: string) => expect(await work((await platform.create(id)).run.id)).toBe('SUCCEEDED')
const look = async (id: string) => {
  const run = await platform.run(id, 'drift')
  return { run, status: await work(run.id) }
}
const parameter = (id: string, index: number) => `/${platform.contract.platform}/${id}/p${index}`
const changeParameter = (id: string, Value: string) =>
  platform.clients.ssm.send(new PutParameterCommand({ Name: parameter(id, 0), Value, Overwrite: true }))
const compared = async (runId: string) => (await listEvents(platform.store, runId)).find(({ type }) => type === 'drift.compared')

test('what somebody changed or deleted is found, an apply puts it right, and then there is none', async () => {
  await make('drifts')
  const first = await look('drifts')
  expect(first.status).toBe('NO_CHANGES')
  const { data } = (await compared(first.run.id)) ?? {}
  expect(data).toMatchObject({
    counts: { changed: 0 },
    ignored: expect.arrayContaining([{ address: expect.any(String), path: 'tags', reason: expect.any(String) }]),
  })

  await changeParameter('drifts', 'canary-of-a-secret')
  await platform.clients.ssm.send(new DeleteParameterCommand({ Name: parameter('drifts', 1) }))
  const second = await look('drifts')
  expect(second.status).toBe('SUCCEEDED')
  const server = await readServer(platform.store, 'drifts')
  expect(server).toMatchObject({ status: 'IN_SERVICE', generation: 1 })
  expect(server?.drift?.changes).toContainEqual({ address: 'aws_ssm_parameter.p1', type: 'aws_ssm_parameter', action: 'delete' })
  const value = server?.drift?.changes.find(({ path }) => path === 'value')
  expect(value).toEqual({ address: 'aws_ssm_parameter.p0', type: 'aws_ssm_parameter', action: 'update', path: 'value', masked: true })
  expect(JSON.stringify(await listEvents(platform.store, second.run.id))).not.toContain('canary-of-a-secret')

  expect(await work((await platform.run('drifts')).id)).toBe('SUCCEEDED')
  expect((await readServer(platform.store, 'drifts'))?.drift).toBeUndefined()
  expect((await look('drifts')).status).toBe('NO_CHANGES')
})

test('two look side by side while another Terraform holds the lock on the state', async () => {
  await make('locked')
  const server = await readServer(platform.store, 'locked')
  const Key = `servers/locked/${server?.uid}/terraform.tfstate.tflock`
  const Body = JSON.stringify({ ID: 'l-1', Operation: 'OperationTypeApply', Who: 'other', Created: new Date().toISOString() })
  await platform.clients.s3.send(new PutObjectCommand({ Bucket: platform.contract.stateBucket, Key, Body }))
  const both = await Promise.all([look('locked'), look('locked')])
  expect(both.map(({ status }) => status)).toEqual(['NO_CHANGES', 'NO_CHANGES'])
})

test('what is found while an apply begins is dropped', async () => {
  await make('overtaken')
  await changeParameter('overtaken', 'other')
  const drift = await platform.run('overtaken', 'drift')
  const looking = work(drift.id)
  const apply = await transitionRun(platform.store, await platform.run('overtaken'), 'PLANNING')
  await beginApply(platform.store, { run: apply, serverTo: 'UPDATING' })
  const status = await looking
  const events = (await listEvents(platform.store, drift.id)).map(({ type }) => type)
  expect([status, events.at(-1)]).toEqual(['CANCELLED', 'drift.overtaken'])
  expect((await readServer(platform.store, 'overtaken'))?.drift).toBeUndefined()
})

/** AWS as this platform has it, to someone who may not read parameters. */
async function withoutParameters(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.headers['x-amz-target']?.includes('AmazonSSM.')) {
      const Message = 'User: runner is not authorized to perform: ssm:GetParameter'
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      return response.end(JSON.stringify({ __type: 'AccessDeniedException', Message }))
    }
    const options = { method: request.method, headers: request.headers }
    const passed = httpRequest(emulator.url + request.url, options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    passed.end(Buffer.concat(chunks))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() }
}

test('a Terraform that may not read ends the run with the words of AWS, and leaves the server alone', async () => {
  await make('refused')
  const run = await platform.run('refused', 'drift')
  const aws = await withoutParameters()
  expect(await work(run.id, { AWS_ENDPOINT_URL: aws.url })).toBe('FAILED')
  aws.close()
  expect((await readRun(platform.store, run.id))?.error).toMatchObject({
    code: 'PLAN_FAILED',
    resource: expect.stringMatching(/^aws_ssm_parameter/),
    message: expect.stringContaining('is not authorized to perform: ssm:GetParameter'),
  })
  const server = await readServer(platform.store, 'refused')
  expect([server?.status, server?.error, server?.driftCheckedAt]).toEqual(['IN_SERVICE', undefined, undefined])
})
