import { beforeEach, describe, expect, test } from 'vitest'
import { approveRun } from '../../api/verbs/review-run.ts'
import type { Run } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { listEvents } from '../../store/events.ts'
import { finishServer } from '../../store/finish-server.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { stdio } from './create-api.ts'
import { createLoop, type Loop } from './review-loop.ts'
import { type GitHubSide, githubSide, type ReviewSide, sides } from './review-sides.ts'
import { serve } from './serve.ts'

const path = 'servers/docs/definition.json'
const definition = (changes: object = {}) => `${JSON.stringify({ ...stdio, name: 'Docs', ...changes }, undefined, 2)}\n`

describe.each(sides)('a proposal on %s', (_, createSide) => {
  let side: ReviewSide
  let loop: Loop
  beforeEach(async () => {
    side = await createSide()
    loop = await createLoop(side)
    return () => expect(loop.failures()).toEqual([])
  })
  async function newest(serverId = 'docs'): Promise<Run> {
    const run = (await loop.runsOf(serverId)).at(-1)
    if (!run) throw new Error(`no run of ${serverId}`)
    return run
  }
  /** A server in service. */
  async function serving(name = 'docs'): Promise<void> {
    const { body } = await loop.call('POST', '/servers', { body: { ...stdio, name: name === 'docs' ? 'Docs' : name } })
    await serve(loop.store, body.run.id, 'IN_SERVICE')
  }
  /** A proposal whose plan has been shown on it. */
  async function planned(files: Record<string, string> = { [path]: definition() }, branch = 'add-docs'): Promise<Run> {
    side.propose(branch, files)
    await loop.sweep()
    const run = await loop.plan((await newest()).id)
    await loop.sweep()
    return run
  }
  const applies = () => loop.builds.filter((build) => build.startsWith('apply'))
  const statuses = async () => (await loop.runsOf('docs')).map(({ status }) => status)

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

  test('of a server that is there makes its next revision', async () => {
    await serving()
    const run = await planned({ [path]: definition({ description: 'better' }) })
    expect(run).toMatchObject({ revision: 2, status: 'AWAITING_REVIEW' })
  })

  test('of a stopped server leaves it stopped', async () => {
    await serving()
    const { body } = await loop.call('PATCH', '/servers/docs', { body: { enabled: false } })
    await serve(loop.store, body.run.id, 'STOPPED')
    await planned({ [path]: definition({ description: 'better' }) })
    expect((await loop.call('GET', '/servers/docs/revisions/3')).body).toMatchObject({ enabled: false })
  })

  test.each<[string, Record<string, string>]>([
    ['of its definition', { [path]: definition({ description: 'more' }) }],
    ['of anything', { 'README.md': 'more' }],
  ])('is planned anew with each commit %s, which supersedes what was planned before and keeps the server', async (_of, files) => {
    const first = await planned()
    side.propose('add-docs', files)
    await loop.sweep()
    const second = await newest()
    expect(await statuses()).toEqual(['SUPERSEDED', 'QUEUED'])
    expect(second.serverUid, 'the same life: its secrets stay').toBe(first.serverUid)
    await loop.plan(second.id)
    await loop.sweep()
    side.mergeProposal('add-docs')
    await loop.sweep()
    expect([applies(), side.said(first)]).toEqual([[`apply ${second.id}`], expect.not.stringContaining('Nothing was applied')])
  })

  test('whose newer commit is wrong has no plan any more', async () => {
    const run = await planned()
    side.propose('add-docs', { [path]: definition({ cpu: 3 }) })
    await loop.sweep()
    expect((await loop.read(run.id)).status).toBe('DISCARDED')
    expect(side.said(run)).toMatch(/definition\.json:\d: cpu/)
  })

  test('that is wrong is told so on its line, once', async () => {
    side.propose('add-docs', {
      [path]: definition({ cpu: 3 }),
      'servers/other/definition.yaml': 'name: Docs\nserverType: stdio\nstartCommand: x\n',
    })
    const provider = side.restart()
    let told = 0
    const refuse: typeof provider.refuse = (...args) => {
      told += 1
      return provider.refuse(...args)
    }
    const sweep = loop.reconciler({ ...provider, refuse })
    await sweep()
    await sweep()
    const said = side.said({ id: 'none', serverId: 'docs' })
    expect(said).toMatch(/servers\/docs\/definition\.json:5: cpu: got 3/)
    expect(said).toMatch(/servers\/other\/definition\.yaml:1: name: got "Docs", which normalizes to docs/)
    expect([told, (await loop.call('GET', '/servers/docs')).status]).toEqual([1, 404])
  })

  test('is planned also where nobody can look at what is open', async () => {
    await loop.waiting('other')
    await loop.sweep()
    side.propose('add-docs', { [path]: definition() })
    await loop.reconciler({ ...side.restart(), look: () => Promise.reject(new Error('down')) })()
    expect([loop.failures(), await statuses()]).toMatchObject([[{ event: 'review.failed' }], ['QUEUED']])
    loop.logged.length = 0
  })

  test('with two definitions of one server is told so', async () => {
    side.propose('add-docs', { [path]: definition(), 'servers/docs/definition.yaml': 'name: Docs\n' })
    await loop.sweep()
    expect(side.said({ id: 'none', serverId: 'docs' })).toContain('one of several definitions of server docs')
    expect(await statuses()).toEqual([])
  })

  test('that removes a definition changes nothing, and is told how a server is deleted', async () => {
    await serving()
    side.propose('add', { [path]: definition() })
    side.mergeProposal('add')
    await loop.sweep()
    side.propose('remove', { [path]: null })
    await loop.sweep()
    expect(side.said({ id: 'none', serverId: 'docs' })).toContain('DELETE /servers/docs')
    expect((await loop.call('GET', '/servers/docs')).body.status).toBe('IN_SERVICE')
  })

  test('for a server that applies something is planned at a later sweep', async () => {
    const { body } = await loop.call('POST', '/servers', { body: { ...stdio, name: 'Docs' } })
    const { run: applying } = await beginApply(loop.store, {
      run: await transitionRun(loop.store, await loop.read(body.run.id), 'PLANNING'),
      serverTo: 'CREATING',
    })
    side.propose('better', { [path]: definition({ description: 'better' }) })
    await loop.sweep()
    expect(await statuses()).toEqual(['APPLYING'])
    await finishServer(loop.store, { run: applying, to: 'IN_SERVICE' })
    await loop.sweep()
    expect(await statuses()).toEqual(['SUCCEEDED', 'QUEUED'])
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

  test('beside another for the same server is planned once, and neither overtakes the other again', async () => {
    await serving()
    side.propose('one', { [path]: definition({ description: 'one' }) })
    side.propose('two', { [path]: definition({ description: 'two' }) })
    for (let sweeps = 0; sweeps < 4; sweeps += 1) await loop.sweep()
    expect((await statuses()).toSorted()).toEqual(['QUEUED', 'SUCCEEDED', 'SUPERSEDED'])
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
