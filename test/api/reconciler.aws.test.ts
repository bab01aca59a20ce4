import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { createReconciler } from '../../api/reconciler.ts'
import type { ReconcilerPorts } from '../../api/reconciler-ports.ts'
import type { RunnerBuild } from '../../aws/builds.ts'
import { freeStateLock } from '../../aws/state-lock.ts'
import type { Run } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { heartbeat, readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { createApi, stdio } from './create-api.ts'
import { hold } from './hold.ts'

const bucket = 'reconciler-state'
const s3 = new S3Client({
  endpoint: inject('emulatorUrl'),
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})

let api: Awaited<ReturnType<typeof createApi>>
let builds: Map<string, RunnerBuild>
let ports: ReconcilerPorts
let refuseBuilds: boolean

beforeEach(async () => {
  await s3
    .send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))
    .catch(() => undefined)
  refuseBuilds = false
  builds = new Map()
  const startBuild = async (runId: string) => {
    if (refuseBuilds) throw new Error('throttled')
    builds.set(`b:${runId}`, { id: `b:${runId}`, status: 'IN_PROGRESS', ended: false, endedAt: undefined })
    return `b:${runId}`
  }
  api = await createApi(inject('emulatorUrl'), { startBuild })
  ports = {
    ...api.ports,
    startBuild,
    review: undefined,
    readBuilds: async (ids) => new Map([...builds].filter(([id]) => ids.includes(id))),
    freeStateLock: (key, proof) => freeStateLock(s3, bucket, key, proof),
    log: () => undefined,
  }
})

async function create(name = 'docs'): Promise<Run> {
  const { body } = await api.call('POST', '/servers', { body: { ...stdio, name } })
  return read(body.run.id)
}
async function read(id: string): Promise<Run> {
  const run = await readRun(api.store, id)
  if (!run) throw new Error(`no run ${id}`)
  return run
}
async function applying(name?: string): Promise<Run> {
  const planning = await transitionRun(api.store, await create(name), 'PLANNING')
  return (await beginApply(api.store, { run: planning, serverTo: 'CREATING' })).run
}
const kill = (run: Run, status: RunnerBuild['status'] = 'STOPPED') =>
  builds.set(run.buildId ?? '', { id: run.buildId ?? '', status, ended: true, endedAt: new Date() })
const lockKey = (run: Run) => `servers/${run.serverId}/${run.serverUid}/terraform.tfstate.tflock`
const putLock = (run: Run, created = new Date()) =>
  s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: lockKey(run),
      Body: JSON.stringify({ ID: 'l-1', Operation: 'OperationTypeApply', Who: 'runner@build', Created: created.toISOString() }),
    }),
  )
const isLocked = (run: Run) =>
  s3.send(new GetObjectCommand({ Bucket: bucket, Key: lockKey(run) })).then(
    () => true,
    () => false,
  )
const eventTypes = async (run: Run) =>
  (await api.call('GET', `/runs/${run.id}/events`)).body.events.map(
    ({ type, writer }: { type: string; writer: string }) => `${writer} ${type}`,
  )

describe('createReconciler', () => {
  test('ends a run that was killed while it applied: run and server FAILED, lock freed, server deletable', async () => {
    const run = await applying()
    await putLock(run)
    kill(run, 'TIMED_OUT')
    expect(await createReconciler(ports)()).toEqual({ started: [], ended: [run.id] })
    expect(await read(run.id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'RUNNER_LOST', message: expect.stringContaining('TIMED_OUT') },
    })
    const server = await readServer(api.store, 'docs')
    expect(server).toMatchObject({ status: 'FAILED', error: { code: 'RUNNER_LOST' } })
    expect(server?.applyingRunId).toBeUndefined()
    expect(await isLocked(run)).toBe(false)
    expect(await eventTypes(run)).toEqual(['api run.queued', 'reconciler lock.freed', 'reconciler run.failed'])
    expect((await api.call('DELETE', '/servers/docs')).status).toBe(202)
  })

  test('leaves a lock that is older than the run, says so, and ends the run all the same', async () => {
    const run = await applying()
    await putLock(run, new Date(Date.now() - 3_600_000))
    kill(run)
    await createReconciler(ports)()
    expect([await isLocked(run), (await read(run.id)).status]).toEqual([true, 'FAILED'])
    expect(await eventTypes(run)).toContain('reconciler lock.kept')
  })

  test('never touches the lock of a run that did not hold the apply lease', async () => {
    const run = await transitionRun(api.store, await create(), 'PLANNING')
    await putLock(run)
    kill(run)
    await createReconciler(ports)()
    expect([await isLocked(run), (await read(run.id)).status]).toEqual([true, 'FAILED'])
    expect((await readServer(api.store, 'docs'))?.status).toBe('FAILED')
  })

  test('tries again later where the lock could not be asked for', async () => {
    const run = await applying()
    kill(run)
    const broken = createReconciler({ ...ports, freeStateLock: async () => Promise.reject(new Error('S3 is away')) })
    expect(await broken()).toEqual({ started: [], ended: [] })
    expect((await read(run.id)).status).toBe('APPLYING')
    expect((await createReconciler(ports)()).ended).toEqual([run.id])
  })

  test('ends an approved run whose build died before it applied, and removes its raw plan', async () => {
    const { id } = await hold(api.store, (await create()).id)
    api.objects.set(`runs/${id}/artifact.tar.gz`, 'plan')
    expect((await api.call('POST', `/runs/${id}/approve`)).status).toBe(202)
    kill(await read(id))
    expect((await createReconciler(ports)()).ended).toEqual([id])
    expect(await read(id)).toMatchObject({ status: 'FAILED', error: { code: 'RUNNER_LOST' } })
    expect(api.objects.has(`runs/${id}/artifact.tar.gz`)).toBe(false)
  })

  test('starts the build of an approval that CodeBuild refused', async () => {
    const { id } = await hold(api.store, (await create()).id)
    refuseBuilds = true
    expect((await api.call('POST', `/runs/${id}/approve`)).status).toBe(202)
    refuseBuilds = false
    expect((await createReconciler(ports)()).started).toEqual([id])
  })

  test('leaves alone a run whose build works on', async () => {
    const run = await applying()
    expect(await createReconciler(ports)()).toEqual({ started: [], ended: [] })
    expect((await read(run.id)).status).toBe('APPLYING')
  })

  test('starts what the API could not start, once, and notes the build', async () => {
    refuseBuilds = true
    const run = await create()
    const reconcile = createReconciler(ports)
    expect(await reconcile()).toEqual({ started: [], ended: [] })
    refuseBuilds = false
    expect((await reconcile()).started).toEqual([run.id])
    expect(await reconcile()).toEqual({ started: [], ended: [] })
    expect((await read(run.id)).buildId).toBe(`b:${run.id}`)
    expect(await eventTypes(run)).toEqual(['api run.queued', 'api run.start-failed'])
  })

  test('ends a run that nobody took for an hour', async () => {
    refuseBuilds = true
    const run = await create()
    const later = createReconciler({ ...ports, clock: { ...api.ports.clock, now: () => new Date(Date.now() + 61 * 60_000) } })
    expect((await later()).ended).toEqual([run.id])
    expect(await read(run.id)).toMatchObject({ status: 'FAILED', error: { code: 'START_FAILED' } })
    expect((await readServer(api.store, 'docs'))?.status).toBe('FAILED')
  })

  test('does not end a run that moved on between the question and the write', async () => {
    const run = await create()
    kill(run)
    const readBuilds: ReconcilerPorts['readBuilds'] = async (ids) => {
      await heartbeat(api.store, run, 'b:another')
      return ports.readBuilds(ids)
    }
    expect(await createReconciler({ ...ports, readBuilds })()).toEqual({ started: [], ended: [] })
    expect((await read(run.id)).status).toBe('QUEUED')
  })

  test('tells an end once, however many events ask for a look at the same time', async () => {
    const run = await applying()
    kill(run)
    const reconcile = createReconciler(ports)
    const sweeps = await Promise.all([reconcile(), reconcile(), reconcile()])
    expect(sweeps.flatMap(({ ended }) => ended)).toEqual([run.id])
    expect((await eventTypes(run)).filter((type: string) => type === 'reconciler run.failed')).toHaveLength(1)
  })

  test('is not stopped by one run it cannot end', async () => {
    const [bad, good] = [await applying('bad'), await applying('good')]
    kill(bad)
    kill(good)
    const freeStateLock: ReconcilerPorts['freeStateLock'] = async (key, proof) => {
      if (key.includes('/bad/')) throw new Error('S3 is away')
      return ports.freeStateLock(key, proof)
    }
    expect((await createReconciler({ ...ports, freeStateLock })()).ended).toEqual([good.id])
  })
})
