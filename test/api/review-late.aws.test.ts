import { beforeEach, describe, expect, test } from 'vitest'
import { decideByReview } from '../../api/verbs/decide-by-review.ts'
import { GantryError } from '../../schema/error-code.ts'
import type { Run } from '../../schema/run.ts'
import { listReviews, putReview } from '../../store/reviews.ts'
import { createLoop, type Loop } from './review-loop.ts'
import { type GitHubSide, githubSide, gitSide, type ReviewSide, sides } from './review-sides.ts'

const hour = 3_600_000
const applies = (loop: Loop) => loop.builds.filter((build) => build.startsWith('apply'))

async function openedOn(side: ReviewSide, loop: Loop, name = 'docs'): Promise<Run> {
  const run = await loop.waiting(name)
  await loop.sweep()
  expect(side.open()).toContain(`gantry/${name}/${run.id}`)
  return run
}
/** Counts what a provider is asked to say. */
function counting(side: ReviewSide) {
  const said: string[] = []
  const provider = side.restart()
  const count =
    <A extends unknown[], R>(name: string, act: (...args: A) => R) =>
    (...args: A): R => {
      said.push(name)
      return act(...args)
    }
  return {
    said,
    provider: {
      ...provider,
      answer: count('answer', provider.answer),
      show: count('show', provider.show),
      close: count('close', provider.close),
      refuse: count('refuse', provider.refuse),
      open: count('open', provider.open),
    },
  }
}

describe.each(sides)('on %s', (_, createSide) => {
  let side: ReviewSide
  beforeEach(async () => {
    side = await createSide()
  })

  describe('with four eyes', () => {
    test('a merge by one person alone leaves the run waiting, says so once, and the API may still approve', async () => {
      const loop = await createLoop(side, { fourEyes: true })
      const run = await openedOn(side, loop)
      side.merge(run)
      const { said, provider } = counting(side)
      const sweep = loop.reconciler(provider)
      await sweep()
      await sweep()
      expect([(await loop.read(run.id)).status, applies(loop), said.filter((one) => one === 'answer')]).toEqual([
        'AWAITING_REVIEW',
        [],
        ['answer'],
      ])
      expect(side.said(run)).toContain('asks for four eyes')
      const { token } = await loop.newKey({ admin: true })
      expect((await loop.call('POST', `/runs/${run.id}/approve`, { body: {}, token })).status).toBe(202)
    })
  })

  test('a sweep writes nothing where nothing has changed, with fifty reviews that have ended', async () => {
    const loop = await createLoop(side)
    const run = await openedOn(side, loop)
    side.close(run)
    await loop.sweep()
    const [ended] = await listReviews(loop.store)
    if (!ended) throw new Error('no review')
    for (let index = 0; index < 50; index += 1) await putReview(loop.store, { ...ended, runId: `ended${index}`, version: 0 })
    const before = await listReviews(loop.store)
    const { said, provider } = counting(side)
    await loop.reconciler(provider)()
    expect([said, await listReviews(loop.store), loop.failures()]).toEqual([[], before, []])
  })
})

describe('in plain Git', () => {
  let side: ReviewSide
  let loop: Loop
  beforeEach(async () => {
    side = await gitSide()
    loop = await createLoop(side)
  })

  test('a branch merged after its plan expired applies nothing and is answered once', async () => {
    const run = await openedOn(side, loop)
    side.copy(run, 'kept')
    loop.pass(2 * hour)
    await loop.sweep()
    expect(side.open()).toEqual([])
    side.mergeProposal('kept')
    const { said, provider } = counting(side)
    const sweep = loop.reconciler(provider)
    await sweep()
    await sweep()
    expect([(await loop.read(run.id)).status, applies(loop), said]).toEqual(['EXPIRED', [], ['answer']])
    expect(side.said(run)).toContain(`Nothing was applied by this merge: run ${run.id} is EXPIRED`)
  })

  test('a fast-forward approves, and the audit names nobody', async () => {
    const run = await openedOn(side, loop)
    side.merge(run, 'fast-forward')
    await loop.sweep()
    expect((await loop.read(run.id)).approval?.by).toBe('git:unknown')
    expect(await loop.audit()).toMatchObject([{ actor: 'git:unknown', outcome: 'done' }])
  })
})

describe('on GitHub', () => {
  let side: GitHubSide
  beforeEach(async () => {
    side = await githubSide()
  })

  test('somebody else’s approving review makes four eyes of a merge, also when it comes after', async () => {
    const loop = await createLoop(side, { fourEyes: true })
    const [before, after] = [await openedOn(side, loop, 'one'), await openedOn(side, loop, 'two')]
    side.world.hub.permissions.set('bob', 'write')
    side.world.hub.review(side.number(before), { by: 'bob', state: 'APPROVED' })
    for (const run of [before, after]) side.merge(run)
    await loop.sweep()
    expect(applies(loop)).toEqual([`apply ${before.id}`])
    side.world.hub.review(side.number(after), { by: 'bob', state: 'APPROVED' })
    await loop.sweep()
    expect(applies(loop)).toEqual([`apply ${before.id}`, `apply ${after.id}`])
  })

  test('a pull request opened again after its run expired is answered once and closed each time', async () => {
    const loop = await createLoop(side)
    const run = await openedOn(side, loop)
    loop.pass(2 * hour)
    await loop.sweep()
    for (let times = 0; times < 2; times += 1) {
      side.world.hub.reopen(side.number(run))
      await loop.sweep()
      expect(side.open()).toEqual([])
    }
    const pull = side.world.hub.pull(side.number(run))
    expect([pull.comments.length, pull.comments[0]?.body, applies(loop)]).toEqual([
      1,
      expect.stringContaining('is EXPIRED, and stays it'),
      [],
    ])
  })

  test('one opened again and merged between two sweeps applies nothing and is answered', async () => {
    const loop = await createLoop(side)
    const run = await openedOn(side, loop)
    loop.pass(2 * hour)
    await loop.sweep()
    side.world.hub.reopen(side.number(run))
    side.merge(run)
    await loop.sweep()
    expect([applies(loop), side.said(run)]).toEqual([[], expect.stringContaining('Nothing was applied by this merge')])
  })

  test('fifty reviews that have ended cost three lists', async () => {
    const loop = await createLoop(side)
    const run = await openedOn(side, loop)
    side.close(run)
    await loop.sweep()
    const [ended] = await listReviews(loop.store)
    if (!ended) throw new Error('no review')
    for (let index = 0; index < 50; index += 1) await putReview(loop.store, { ...ended, runId: `ended${index}`, version: 0 })
    side.world.github.requests.length = 0
    await loop.reconciler(side.restart())()
    const lists = side.world.github.requests.map((call) => call.replace(/&.*/, ''))
    const pulls = 'GET /repos/octo-org/servers/pulls?state='
    expect(lists).toEqual([`${pulls}open`, `${pulls}closed`, `${pulls}open`])
  })

  test('reviews of a repository that the platform had before are left alone', async () => {
    const loop = await createLoop(side)
    const run = await openedOn(side, loop)
    const before = await gitSide()
    await loop.reconciler(before.provider)()
    expect([(await loop.read(run.id)).status, before.open(), loop.failures()]).toEqual(['AWAITING_REVIEW', [], []])
  })
})

test.each<[string, Error, object]>([
  ['failed half-way', new Error('killed'), { outcome: 'failed', code: 'INTERNAL' }],
  ['came second', new GantryError('WRONG_STATUS', 'it is over'), { outcome: 'refused', code: 'WRONG_STATUS' }],
])('a decision that %s is in the audit', async (_, error, outcome) => {
  const side = await githubSide()
  const loop = await createLoop(side)
  const run = await openedOn(side, loop)
  const review = await loop.review(run.id)
  if (!review) throw new Error('no review')
  const secrets = { ...loop.ports.secrets, removeAll: () => Promise.reject(error) }
  const ports = { ...loop.ports, secrets }
  const decided = decideByReview(ports, { run, review, state: { kind: 'closed', by: 'github:ann' } })
  await (error instanceof GantryError ? expect(decided).resolves.toBe(undefined) : expect(decided).rejects.toBe(error))
  expect(await loop.audit()).toMatchObject([{ actor: 'github:ann', runId: run.id, ...outcome }])
})

test('of two writers of one review the second is refused, and forgets nothing of the first', async () => {
  const side = await githubSide()
  const loop = await createLoop(side)
  const run = await openedOn(side, loop)
  const read = await loop.review(run.id)
  if (!read) throw new Error('no review')
  await putReview(loop.store, { ...read, answered: 'x' })
  await expect(putReview(loop.store, read)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await loop.review(run.id))?.answered).toBe('x')
})
