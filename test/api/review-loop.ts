import { inject } from 'vitest'
import { createReconciler } from '../../api/reconciler.ts'
import type { ReconcilerPorts } from '../../api/reconciler-ports.ts'
import type { ReviewProvider } from '../../api/review/review-provider.ts'
import type { PlatformReview } from '../../schema/platform-review.ts'
import type { Review } from '../../schema/review.ts'
import type { Run } from '../../schema/run.ts'
import { listReviews } from '../../store/reviews.ts'
import { readRun } from '../../store/runs.ts'
import { createApi, stdio } from './create-api.ts'
import { createContract } from './create-contract.ts'
import { hold } from './hold.ts'
import { aPlan } from './review/shown-run.ts'
import type { ReviewSide } from './review-sides.ts'

/** API, store and reconciler around a review repository; `sweep` is what the reconciler does each time. */
export async function createLoop(side: ReviewSide, review: Partial<PlatformReview> = {}) {
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead), sleep: async () => undefined }
  const contract = createContract({ review: { fourEyes: false, expiresAfterSeconds: 3600, driftEveryHours: 0, ...review } })
  const builds: string[] = []
  const api = await createApi(inject('emulatorUrl'), {
    clock,
    contract: async () => contract,
    startBuild: async (runId, step) => {
      builds.push(`${step} ${runId}`)
      return `b:${runId}:${step}`
    },
  })
  /** A reconciler of its own, as another process has it. */
  const reconciler = (provider: ReviewProvider = side.provider) => {
    const ports: ReconcilerPorts = {
      ...api.ports,
      review: provider,
      readBuilds: async (ids) => new Map(ids.map((id) => [id, { id, status: 'IN_PROGRESS', ended: false, endedAt: undefined }])),
      freeStateLock: async () => ({ freed: false, reason: 'there is no lock' }),
    }
    return createReconciler(ports)
  }
  async function read(id: string): Promise<Run> {
    const run = await readRun(api.store, id)
    if (!run) throw new Error(`no run ${id}`)
    return run
  }
  /** What the runner does until a run waits: its plan is there. */
  async function plan(id: string): Promise<Run> {
    const { serverId } = await read(id)
    api.objects.set(`runs/${id}/plan.json`, JSON.stringify(aPlan({ runId: id, serverId, serverName: serverId })))
    api.objects.set(`runs/${id}/plan.md`, `# Plan of ${id}\n`)
    api.objects.set(`runs/${id}/artifact.tar.gz`, 'plan')
    api.objects.set(`runs/${id}/terraform/cdk.tf.json`, `{"run":"${id}"}\n`)
    return hold(api.store, id)
  }
  /** A server whose first run waits. */
  async function waiting(name: string): Promise<Run> {
    const { body } = await api.call('POST', '/servers', { body: { ...stdio, name } })
    return plan(body.run.id)
  }
  return {
    ...api,
    builds,
    reconciler,
    sweep: reconciler(),
    read,
    plan,
    waiting,
    pass: (milliseconds: number) => {
      ahead += milliseconds
    },
    /** What is kept of a run's pull request. */
    review: async (id: string): Promise<Review | undefined> => (await listReviews(api.store)).find(({ runId }) => runId === id),
    /** Runs of a server, oldest first. */
    runsOf: async (serverId: string): Promise<Run[]> => {
      const { body } = await api.call('GET', `/runs?serverId=${serverId}`)
      return Promise.all((body.items as Run[]).toReversed().map(({ id }) => read(id)))
    },
    audit: async (): Promise<{ action: string; actor: string; outcome: string; runId: string; requestId: string }[]> =>
      (await api.call('GET', '/audit')).body.items.filter(({ action }: { action: string }) => action === 'run:review'),
    failures: () => api.logged.filter(({ event }) => /failed/.test(event)),
  }
}

export type Loop = Awaited<ReturnType<typeof createLoop>>
