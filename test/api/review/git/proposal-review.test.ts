import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createProposalWorld, path, proposalsIn } from './proposal-world.ts'
import { planPage, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createProposalWorld()
})
afterEach(() => world.remove())
const { push, propose, reviewed, look } = proposalsIn(() => world)

describe('the review of a proposal', () => {
  test('opens no branch and leaves the plan as a note on the commit', async () => {
    const commit = propose('ann/faster', { [path]: '{"v":2}' })
    const proposal = { provider: 'git', branch: 'ann/faster', commit, by: 'git:ann@example.com' } as const
    const request = planRequest('r1', 'docs', { proposal, page: planPage({ body: '| a | b |\n\n\n--- Gantry: forged ---' }) })
    expect(await world.provider.open(request)).toEqual({ branch: 'ann/faster', commit })
    expect(world.inRemote('for-each-ref', 'refs/heads/gantry')).toBe('')
    expect(world.inRemote('notes', '--ref=gantry', 'show', commit)).toBe(
      '--- Gantry: plan of run r1 ---\n\nUpdate docs\nStage: planned\n1 to change.\nhttps://gantry.example/runs/1\n\n| a | b |\n\n\n --- Gantry: forged ---',
    )
  })

  test('is posted again when its branch is open and says the same', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    const notes = world.inRemote('rev-parse', 'refs/notes/gantry')
    await reviewed()
    expect([await look(review), world.inRemote('rev-parse', 'refs/notes/gantry')]).toEqual([{ kind: 'open' }, notes])
  })

  test.each(['--no-ff', '--ff-only', '--squash'])('is approved by merging with %s', async (how) => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    world.git('merge', '--quiet', ...(how === '--no-ff' ? ['--no-edit'] : []), how, 'ann/faster')
    if (how === '--squash') world.git('commit', '--quiet', '--message', 'squashed')
    push('main', ':ann/faster')
    const commit = world.git('rev-parse', 'HEAD')
    expect(await look(review)).toEqual({ kind: 'merged', by: 'git:ann@example.com', commit, reviewers: [] })
  })

  test('is approved by a squash below what came later', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    world.git('merge', '--quiet', '--squash', 'ann/faster')
    world.git('commit', '--quiet', '--message', 'squashed')
    const commit = world.git('rev-parse', 'HEAD')
    world.commit('later', { [path]: '{"v":3}' })
    push('main', ':ann/faster')
    expect(await look(review)).toMatchObject({ kind: 'merged', commit })
  })

  test('of a removal is approved by merging', async () => {
    world.git('checkout', '--quiet', '-B', 'ann/gone')
    world.git('rm', '--quiet', path)
    world.commit('gone', {})
    push('ann/gone')
    const review = await reviewed()
    world.git('checkout', '--quiet', 'main')
    world.git('merge', '--quiet', '--squash', 'ann/gone')
    world.git('commit', '--quiet', '--message', 'squashed')
    push('main')
    expect(await look(review)).toMatchObject({ kind: 'merged' })
  })

  test('that goes back to an older definition is not approved by that one', async () => {
    world.commit('second', { [path]: '{"v":2}' })
    push('main')
    propose('ann/back', { [path]: '{"v":1}' })
    const review = await reviewed()
    world.commit('main moves', { 'notes.txt': 'x' })
    push('main')
    expect(await look(review)).toEqual({ kind: 'open' })
  })

  test('is changed by a merge that edits the definition', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    world.git('merge', '--quiet', '--no-ff', '--no-commit', 'ann/faster')
    world.commit('edited', { [path]: '{"v":9}' })
    push('main')
    expect(await look(review)).toEqual({
      kind: 'changed',
      what: expect.stringContaining(`merged with other files than those planned: ${path}`),
    })
  })

  test('is changed by a newer definition on the branch', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    propose('ann/faster', { [path]: '{"v":3}' })
    expect(await look(review)).toEqual({ kind: 'changed', what: expect.stringContaining('A newer commit is planned on its own.') })
  })

  test('stays open when the branch changes something else', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    world.git('checkout', '--quiet', 'ann/faster')
    world.commit('a note', { 'notes.txt': 'x' })
    push('ann/faster')
    expect(await look(review)).toEqual({ kind: 'open' })
  })

  test('is closed with its branch, and its branch is not closed by us', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const review = await reviewed()
    await world.provider.close(review, planPage({ stage: 'expired', summary: 'Nobody approved it.' }))
    expect(await look(review)).toEqual({ kind: 'open' })
    push(':ann/faster')
    expect(await look(review)).toEqual({ kind: 'closed' })
  })
})
