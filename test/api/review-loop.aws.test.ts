import { beforeEach, describe, expect, test } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { createLoop, type Loop } from './review-loop.ts'
import { type ReviewSide, sides } from './review-sides.ts'

const hour = 3_600_000

describe.each(sides)('on %s', (_, createSide) => {
  let side: ReviewSide
  let loop: Loop
  beforeEach(async () => {
    side = await createSide()
    loop = await createLoop(side)
    return () => expect(loop.failures()).toEqual([])
  })
  /** A run that waits with its pull request open. */
  async function opened(name: string): Promise<Run> {
    const run = await loop.waiting(name)
    await loop.sweep()
    return run
  }
  const applies = () => loop.builds.filter((build) => build.startsWith('apply'))

  test('a run that waits has one pull request, however often and beside whom it is swept', async () => {
    const run = await loop.waiting('docs')
    const other = loop.reconciler(side.restart())
    await Promise.all([loop.sweep(), other(), loop.sweep()])
    await loop.sweep()
    expect(side.open()).toEqual([`gantry/docs/${run.id}`])
  })

  test('a process that dies before it has noted the pull request opens no second one', async () => {
    const run = await loop.waiting('docs')
    const provider = side.restart()
    const dies = {
      ...provider,
      open: async (request: Parameters<typeof provider.open>[0]) => provider.open(request).then(() => Promise.reject(new Error('killed'))),
    }
    await loop.reconciler(dies)()
    expect(await loop.review(run.id)).toBe(undefined)
    loop.logged.length = 0
    await loop.sweep()
    expect([side.open(), (await loop.review(run.id))?.branch]).toEqual([[`gantry/docs/${run.id}`], `gantry/docs/${run.id}`])
  })

  test('a merge approves exactly that plan, by whoever merged, and the build that applies it starts', async () => {
    const run = await opened('docs')
    const commit = side.merge(run)
    await loop.sweep()
    const { approval, status } = await loop.read(run.id)
    expect(approval).toMatchObject({ by: side.ann, commit, via: side.provider.name, plan: { planSha256: run.plan?.planSha256 } })
    expect([status, applies()]).toEqual(['AWAITING_REVIEW', [`apply ${run.id}`]])
    expect(await loop.audit()).toMatchObject([{ actor: side.ann, outcome: 'done', runId: run.id, requestId: commit }])
  })

  test('the page follows the run to its end, and a merge that is seen again changes nothing', async () => {
    const run = await opened('docs')
    side.merge(run)
    await loop.sweep()
    expect(side.said(run)).toContain(`Approved by ${side.ann.split('@')[0]}`)
    const { run: applying } = await beginApply(loop.store, { run: await loop.read(run.id), serverTo: 'CREATING' })
    await loop.sweep()
    expect(side.said(run)).toMatch(/applying/)
    const endpoint = 'https://gantry.example.com/live/mcp/docs/mcp'
    await finishServer(loop.store, { run: applying, to: 'IN_SERVICE', patch: { endpoint, tools: [{ name: 'readdocs' }] } })
    await loop.sweep()
    expect(side.said(run)).toMatch(/Stage: live|\*\*Live\*\*/)
    const then = [await loop.review(run.id), side.said(run)]
    await loop.sweep()
    expect([await loop.review(run.id), side.said(run)]).toEqual(then)
    expect([(await loop.review(run.id))?.ended, applies().length, (await loop.audit()).length, side.open()]).toEqual([true, 1, 1, []])
  })

  test('closing discards, and says so', async () => {
    const run = await opened('docs')
    side.close(run)
    await loop.sweep()
    expect(await loop.read(run.id)).toMatchObject({ status: 'DISCARDED', reason: expect.stringContaining('closed') })
    await loop.sweep()
    expect([side.said(run), (await loop.audit()).length]).toEqual([expect.stringContaining('Discarded: Its pull request was closed'), 1])
  })

  test('a push of other files discards', async () => {
    const run = await opened('docs')
    side.push(run, { 'servers/docs/cdk.tf.json': '{}' })
    await loop.sweep()
    expect(await loop.read(run.id)).toMatchObject({ status: 'DISCARDED', reason: expect.stringMatching(/other files|cdk\.tf\.json/) })
  })

  test('a push that leaves the files as they are does nothing', async () => {
    const run = await opened('docs')
    side.push(run, { 'README.md': 'more' })
    await loop.sweep()
    expect([(await loop.read(run.id)).status, side.open().length]).toEqual(['AWAITING_REVIEW', 1])
  })

  test('what nobody decides on expires: closed with the reason, and its artifact is gone', async () => {
    const run = await opened('docs')
    loop.pass(2 * hour)
    await loop.sweep()
    expect([(await loop.read(run.id)).status, side.open(), loop.objects.has(`runs/${run.id}/artifact.tar.gz`)]).toEqual([
      'EXPIRED',
      [],
      false,
    ])
    expect(side.said(run)).toContain('Expired: Nobody decided')
  })

  test('what expired before anybody saw it gets no pull request', async () => {
    const run = await loop.waiting('docs')
    loop.pass(2 * hour)
    await loop.sweep()
    expect([(await loop.read(run.id)).status, await loop.review(run.id), side.open()]).toEqual(['EXPIRED', undefined, []])
  })

  test('what a newer revision supersedes is closed with the reason', async () => {
    const run = await opened('docs')
    await loop.call('PATCH', '/servers/docs', { body: { description: 'newer' } })
    await loop.sweep()
    expect([side.open(), side.said(run)]).toEqual([[], expect.stringContaining('Superseded: Revision 2')])
  })

  test.each([true, false])('two servers wait in one repository and are decided in any order (%s)', async (inOrder) => {
    const runs = [await loop.waiting('one'), await loop.waiting('two')]
    await loop.sweep()
    for (const run of inOrder ? runs : runs.toReversed()) {
      side.merge(run)
      await loop.sweep()
    }
    expect(applies().toSorted()).toEqual(runs.map(({ id }) => `apply ${id}`).toSorted())
  })

  test('an approval by the API shows on the page, and the pull request is closed in the end', async () => {
    const run = await opened('docs')
    expect((await loop.call('POST', `/runs/${run.id}/approve`, { body: {} })).status).toBe(202)
    await loop.sweep()
    expect(side.said(run)).toContain('Approved by key:')
    const { run: applying } = await beginApply(loop.store, { run: await loop.read(run.id), serverTo: 'CREATING' })
    await finishServer(loop.store, { run: applying, to: 'IN_SERVICE', patch: { endpoint: 'https://x.example/mcp' } })
    await loop.sweep()
    expect([side.open(), side.said(run), (await loop.read(run.id)).status]).toEqual([[], expect.stringMatching(/Live/), 'SUCCEEDED'])
  })

  test('of a merge and an approval by the API at once, one is recorded, and nobody is told of a failure', async () => {
    const run = await opened('docs')
    side.merge(run)
    const [{ status }] = await Promise.all([loop.call('POST', `/runs/${run.id}/approve`, { body: {} }), loop.sweep()])
    await loop.sweep()
    const by = (await loop.read(run.id)).approval?.via
    expect([by === 'api', applies().length]).toEqual([status === 202, 1])
    expect(side.said(run)).not.toMatch(/Nothing|cannot/)
  })

  test('a repository that is out of reach keeps nothing from expiring, and is caught up with later', async () => {
    const gone = {
      ...side.restart(),
      look: async () => Promise.reject(new Error('down')),
      show: async () => Promise.reject(new Error('down')),
      close: async () => Promise.reject(new Error('down')),
    }
    const run = await opened('docs')
    loop.pass(2 * hour)
    await loop.reconciler(gone)()
    expect([(await loop.read(run.id)).status, side.open().length]).toEqual(['EXPIRED', 1])
    loop.logged.length = 0
    await loop.sweep()
    expect([side.open(), (await loop.review(run.id))?.ended]).toEqual([[], true])
  })

  test('one run whose pull request cannot be opened keeps no other from being', async () => {
    const [bad, good] = [await loop.waiting('bad'), await loop.waiting('good')]
    const { open, ...rest } = side.restart()
    const fails: typeof open = async (request) => (request.runId === bad.id ? Promise.reject(new Error('no')) : open(request))
    await loop.reconciler({ ...rest, open: fails })()
    expect(side.open()).toEqual([`gantry/good/${good.id}`])
    loop.logged.length = 0
  })
})
