import { beforeEach, describe, expect, test } from 'vitest'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { transitionRun } from '../../store/transition-run.ts'
import { stdio } from './create-api.ts'
import { definition, path, proposalsOn } from './proposals-on.ts'
import { createLoop, type Loop } from './review-loop.ts'
import { type ReviewSide, sides } from './review-sides.ts'
import { serve } from './serve.ts'

describe.each(sides)('a proposal on %s', (_, createSide) => {
  let side: ReviewSide
  let loop: Loop
  beforeEach(async () => {
    side = await createSide()
    loop = await createLoop(side)
    return () => expect(loop.failures()).toEqual([])
  })
  const { newest, serving, planned, applies } = proposalsOn(() => ({ side, loop }))
  const statuses = async () => (await loop.runsOf('docs')).map(({ status }) => status)

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

  test('beside another for the same server is planned once, and neither overtakes the other again', async () => {
    await serving()
    side.propose('one', { [path]: definition({ description: 'one' }) })
    side.propose('two', { [path]: definition({ description: 'two' }) })
    for (let sweeps = 0; sweeps < 4; sweeps += 1) await loop.sweep()
    expect((await statuses()).toSorted()).toEqual(['QUEUED', 'SUCCEEDED', 'SUPERSEDED'])
  })
})
