import { beforeEach, describe, expect, test } from 'vitest'
import { approveRun } from '../../api/verbs/review-run.ts'
import type { Run } from '../../schema/run.ts'
import { listEvents } from '../../store/events.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { definition, path, proposalsOn } from './proposals-on.ts'
import { createLoop, type Loop } from './review-loop.ts'
import { type GitHubSide, githubSide, type ReviewSide, sides } from './review-sides.ts'

describe.each(sides)('a proposal on %s', (_, createSide) => {
  let side: ReviewSide
  let loop: Loop
  beforeEach(async () => {
    side = await createSide()
    loop = await createLoop(side)
    return () => expect(loop.failures()).toEqual([])
  })
  const { newest, serving, planned, applies } = proposalsOn(() => ({ side, loop }))

  test('of a new server is planned once a commit, shown, and applied by its merge', async () => {
    const run = await planned()
    await loop.sweep()
    expect(run).toMatchObject({ createdBy: side.ann, revision: 1, proposal: { branch: 'add-docs' } })
    expect(side.said(run)).toContain('- Plan: 1 to create')
    const commit = side.mergeProposal('add-docs')
    await loop.sweep()
    expect((await loop.read(run.id)).approval).toMatchObject({ by: side.ann, commit })
    expect([applies(), (await loop.runsOf('docs')).length]).toEqual([[`apply ${run.id}`], 1])
  })

  test('says once in the timeline of its run from when on a merge counts', async () => {
    const run = await planned()
    await loop.sweep()
    await loop.sweep()
    const shown = (await listEvents(loop.store, run.id)).filter(({ type }) => type === 'review.shown')
    expect(shown).toMatchObject([{ message: expect.stringContaining('add-docs') }])
  })

  test('that is merged before it was planned applies nothing, is answered once, and the API may approve', async () => {
    side.propose('add-docs', { [path]: definition() })
    await loop.sweep()
    const run = await newest()
    side.mergeProposal('add-docs')
    await loop.plan(run.id)
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await loop.sweep()
    expect([(await loop.read(run.id)).status, applies()]).toEqual(['AWAITING_REVIEW', []])
    expect(side.said(run).match(/merged before its plan was there/g)).toHaveLength(1)
    expect((await loop.call('POST', `/runs/${run.id}/approve`, { body: {} })).status).toBe(202)
  })

  test('that is merged while its plan is being posted applies nothing', async () => {
    side.propose('add-docs', { [path]: definition() })
    await loop.sweep()
    const run = await loop.plan((await newest()).id)
    const provider = side.restart()
    const show: typeof provider.show = async (...args) => {
      side.mergeProposal('add-docs')
      return provider.show(...args)
    }
    await loop.reconciler({ ...provider, show })()
    await loop.sweep()
    expect([(await loop.read(run.id)).status, applies()]).toEqual(['AWAITING_REVIEW', []])
  })

  test('is discarded with its branch or pull request', async () => {
    const run = await planned()
    side.closeProposal('add-docs')
    await loop.sweep()
    expect((await loop.read(run.id)).status).toBe('DISCARDED')
  })

  test.each<[string, (run: Run) => Promise<unknown>]>([
    [
      'Failed: POLICY_DENIED: images',
      (run) => transitionRun(loop.store, run, 'FAILED', { error: { code: 'POLICY_DENIED', message: 'images' } }),
    ],
    ['No changes', (run) => transitionRun(loop.store, run, 'NO_CHANGES')],
  ])('is shown how its run ended: %s', async (said, end) => {
    await serving()
    side.propose('better', { [path]: definition({ description: 'better' }) })
    await loop.sweep()
    const run = await newest()
    await end(await transitionRun(loop.store, run, 'PLANNING'))
    await loop.sweep()
    expect(side.said(run).replaceAll('\\', '')).toContain(said)
  })

  test('with four eyes is not approved by its proposer', async () => {
    const strict = await createLoop(side, { fourEyes: true })
    side.propose('add-docs', { [path]: definition() })
    await strict.sweep()
    const [queued] = await strict.runsOf('docs')
    const run = await strict.plan(queued?.id ?? '')
    const approve = (id: string) => approveRun(strict.ports, { id, admin: true, groups: [] }, { runId: run.id, planSha256: undefined })
    await expect(approve(side.ann)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(approve('key:other')).resolves.toMatchObject({ approval: { by: 'key:other' } })
  })
})

describe('a proposal on GitHub with four eyes', () => {
  test.each([
    ['bob', []],
    ['ann', []],
    ['ann', ['bob']],
    ['bob', ['ann', 'eve']],
  ])('merged by %s and approved by %j is applied only where two agree', async (by, reviewers) => {
    const side: GitHubSide = await githubSide()
    const loop = await createLoop(side, { fourEyes: true })
    const { hub } = side.world
    side.propose('add-docs', { [path]: definition() })
    await loop.sweep()
    const [run] = await loop.runsOf('docs')
    await loop.plan(run?.id ?? '')
    await loop.sweep()
    for (const reviewer of reviewers) {
      hub.permissions.set(reviewer, 'write')
      hub.review(1, { by: reviewer, state: 'APPROVED' })
    }
    hub.merge(1, { by })
    await loop.sweep()
    expect(loop.builds.filter((build) => build.startsWith('apply'))).toHaveLength(reviewers.length > 0 ? 1 : 0)
  })
})
