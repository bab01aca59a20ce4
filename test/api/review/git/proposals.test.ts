import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createProposalWorld, path, proposalsIn } from './proposal-world.ts'
import { createReviewWorld, openIn, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createProposalWorld()
})
afterEach(() => world.remove())
const { push, propose, only, reviewed, look } = proposalsIn(() => world)

describe('proposals', () => {
  test('are the branches that change a definition, with what it would be', async () => {
    const commit = propose('ann/faster', { [path]: '{"v":2}', 'notes.txt': 'x' })
    propose('ann/docs-only', { 'servers/docs/README.md': 'x' })
    expect(await only()).toEqual({
      proposal: { provider: 'git', branch: 'ann/faster', commit, by: 'git:ann@example.com' },
      files: [{ path, content: '{"v":2}' }],
    })
  })

  test('follow their branch', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    const first = await only()
    world.git('checkout', '--quiet', 'ann/faster')
    const commit = world.commit('more', { [path]: '{"v":3}' })
    push('ann/faster')
    expect(await only()).toEqual({ proposal: { ...first?.proposal, commit }, files: [{ path, content: '{"v":3}' }] })
  })

  test('of a removal have no content', async () => {
    world.git('checkout', '--quiet', '-B', 'ann/gone')
    world.git('rm', '--quiet', path)
    world.commit('gone', {})
    push('ann/gone')
    expect((await only())?.files).toEqual([{ path, content: undefined }])
  })

  test('are none of the branches that Gantry made', async () => {
    await openIn(world, planRequest('r1'))
    expect(await world.provider.proposals()).toEqual([])
  })

  test('show what they change and not what main changed since', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    world.commit('main moves', { 'servers/search/definition.yaml': 'v: 2\n' })
    push('main')
    expect((await only())?.files).toEqual([{ path, content: '{"v":2}' }])
  })

  test.each(['--no-ff', '--ff-only', '--squash'])('are over once merged with %s', async (how) => {
    propose('ann/faster', { [path]: '{"v":2}' })
    expect(await only()).toBeDefined()
    world.git('merge', '--quiet', ...(how === '--no-ff' ? ['--no-edit'] : []), how, 'ann/faster')
    if (how === '--squash') world.git('commit', '--quiet', '--message', 'squashed')
    push('main')
    expect(await only()).toBeUndefined()
  })

  test('stay over when main moves on after a squash', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    world.git('merge', '--quiet', '--squash', 'ann/faster')
    world.git('commit', '--quiet', '--message', 'squashed')
    world.commit('later', { [path]: '{"v":3}' })
    push('main')
    expect(await only()).toBeUndefined()
  })

  test('are found behind a merge of main and a commit that touches nothing', async () => {
    propose('ann/faster', { [path]: '{"v":2}' })
    world.commit('main moves', { 'servers/search/definition.yaml': 'v: 2\n' })
    push('main')
    world.git('checkout', '--quiet', 'ann/faster')
    world.git('merge', '--quiet', '--no-edit', 'main')
    world.commit('a note', { 'notes.txt': 'x' })
    push('ann/faster')
    expect((await only())?.files).toEqual([{ path, content: '{"v":2}' }])
  })

  test('are told apart from one another', async () => {
    propose('ann/one', { [path]: '{"v":2}' })
    propose('ann/two', { 'servers/search/definition.yaml': 'v: 2\n' })
    propose('ann/none', { 'notes.txt': 'x' })
    const all = await world.provider.proposals()
    expect(all.map(({ proposal, files }) => [proposal.branch, files.map((file) => file.path)]).sort()).toEqual([
      ['ann/one', [path]],
      ['ann/two', ['servers/search/definition.yaml']],
    ])
  })

  test('of other history are passed over, and that is said', async () => {
    const told: unknown[] = []
    world.remove()
    world = await createReviewWorld({ log: (entry) => told.push(entry) })
    world.git('checkout', '--quiet', '--orphan', 'strange')
    world.commit('strange', { [path]: '{}' })
    push('strange')
    expect(await world.provider.proposals()).toEqual([])
    expect(told).toEqual([{ event: 'review.branch-unrelated', branch: 'strange' }])
  })

  test('beyond 200 branches are passed over, and that is said', async () => {
    const told: unknown[] = []
    world.remove()
    world = await createReviewWorld({ log: (entry) => told.push(entry) })
    world.git('checkout', '--quiet', '-B', 'other')
    const commit = world.commit('x', { 'notes.txt': 'x' })
    push(...Array.from({ length: 203 }, (_, at) => `${commit}:refs/heads/b${at}`))
    expect(await world.provider.proposals()).toEqual([])
    expect(told).toEqual([{ event: 'review.branches-passed-over', count: 3 }])
  })

  test('carry at most 300 KiB of a file', async () => {
    propose('ann/huge', { [path]: 'x'.repeat(2_000_000) })
    expect((await only())?.files[0]?.content).toHaveLength(300 * 1024)
  })

  test('take links and submodules for text that is no definition', async () => {
    world.git('checkout', '--quiet', '-B', 'ann/link')
    world.git('update-index', '--add', '--cacheinfo', `160000,${world.git('rev-parse', 'HEAD')},servers/docs/definition.yml`)
    world.git('commit', '--quiet', '--message', 'a submodule')
    push('ann/link')
    expect((await only())?.files).toEqual([{ path: 'servers/docs/definition.yml', content: '' }])
  })

  test.each(['--upload-pack=touch', '$(touch-x)', 'a;b', "it's", 'ünï'])('of a branch called %j are read like any other', async (name) => {
    const commit = propose('plain', { [path]: '{"v":2}' })
    push(':plain', `${commit}:refs/heads/${name}`)
    const review = await reviewed()
    expect([review.branch, await look(review)]).toEqual([name, { kind: 'open' }])
  })
})
