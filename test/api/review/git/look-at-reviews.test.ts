import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import type { Review } from '../../../../schema/review.ts'
import { createReviewWorld, openIn, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
let review: Review
beforeEach(async () => {
  world = await createReviewWorld()
  review = await openIn(world, planRequest('r1'))
  world.freshMain()
})
afterEach(() => world.remove())

const look = async (of = review, provider = world.provider) => (await provider.look([of])).get(of.runId)
const push = (...refs: string[]) => world.git('push', '--quiet', 'origin', ...refs)
const tip = () => world.inRemote('rev-parse', 'main')
const merged = (by: string) => ({ kind: 'merged', by: `git:${by}`, commit: tip(), reviewers: [] })
const branch = 'origin/gantry/docs/r1'
const changed = (...words: string[]) => ({ kind: 'changed', what: expect.stringMatching(words.join('.*')) })
/** Stands on a local copy of the run's branch. */
const onBranch = () => world.git('checkout', '--quiet', '-B', 'work', branch)

describe('a merge into main', () => {
  test('by fast-forward approves, and names nobody: the commit is ours, and who pushed it, it does not say', async () => {
    world.git('merge', '--quiet', '--ff-only', branch)
    push('main')
    expect(await look()).toEqual(merged('unknown'))
  })

  test('by a merge commit approves, by whoever made it', async () => {
    world.git('merge', '--quiet', '--no-ff', '--no-edit', branch)
    push('main')
    expect(await look()).toEqual(merged('ann@example.com'))
  })

  test('by squash approves, also when the branch went with it', async () => {
    world.git('merge', '--quiet', '--squash', branch)
    world.git('commit', '--quiet', '--message', 'squashed')
    push('main', ':gantry/docs/r1')
    expect(await look()).toEqual(merged('ann@example.com'))
  })

  test('by squash is seen by a provider whose cache never had the branch', async () => {
    world.git('merge', '--quiet', '--squash', branch)
    world.git('commit', '--quiet', '--message', 'squashed')
    push('main', ':gantry/docs/r1')
    expect(await look(review, createGitReview({ ...world.options, directory: join(world.directory, 'later') }))).toEqual(
      merged('ann@example.com'),
    )
  })

  test('by rebase approves', async () => {
    world.commit('chore: main moves', { 'notes.txt': 'x' })
    push('main')
    onBranch()
    world.git('rebase', '--quiet', 'main')
    push('HEAD:main')
    expect(await look()).toEqual(merged('ann@example.com'))
  })

  test('approves while the server has other files that people keep beside', async () => {
    world.commit('docs: read me', { 'servers/docs/README.md': 'ours' })
    world.git('merge', '--quiet', '--no-edit', branch)
    push('main')
    expect(await look()).toEqual(merged('ann@example.com'))
  })

  test('is found below what came later', async () => {
    world.git('merge', '--quiet', '--no-ff', '--no-edit', branch)
    const expected = { ...merged('ann@example.com'), commit: world.git('rev-parse', 'HEAD') }
    world.commit('chore: later', { 'servers/docs/definition.json': '{"later":true}', 'servers/docs/plan.md': 'later' })
    push('main')
    expect(await look()).toEqual(expected)
  })

  test('by fast-forward is found below the merge of another run of the server', async () => {
    const next = await openIn(world, planRequest('r2'))
    world.git('fetch', '--quiet', 'origin')
    world.git('merge', '--quiet', '--ff-only', branch)
    world.git('merge', '--quiet', '--no-edit', '-X', 'theirs', 'origin/gantry/docs/r2')
    push('main')
    expect(await look()).toMatchObject({ kind: 'merged', commit: review.commit })
    expect(await look(next)).toEqual(merged('ann@example.com'))
  })

  test('that edits a file is a change that names it and who did it', async () => {
    world.git('merge', '--quiet', '--no-ff', '--no-commit', branch)
    world.commit('merged with an edit', { 'servers/docs/cdk.tf.json': '{}' })
    push('main')
    expect(await look()).toEqual(changed('merged with other files', 'servers/docs/cdk.tf.json', 'git:ann@example.com'))
  })

  test('by squash that edits a file is a change', async () => {
    world.git('merge', '--quiet', '--squash', branch)
    world.commit('squashed with an edit', { 'servers/docs/cdk.tf.json': '{}' })
    push('main')
    expect(await look()).toEqual(changed('merged with other files', 'servers/docs/cdk.tf.json'))
  })

  test('that leaves plan.md out is a change', async () => {
    world.git('merge', '--quiet', '--no-ff', '--no-commit', branch)
    world.git('rm', '--quiet', '--force', 'servers/docs/plan.md')
    world.commit('merged in part', {})
    push('main')
    expect(await look()).toEqual(changed('servers/docs/plan.md'))
  })

  test('that takes the history and none of the files is a change', async () => {
    world.commit('chore: main moves', { 'notes.txt': 'x' })
    world.git('merge', '--quiet', '--no-edit', '--strategy=ours', branch)
    push('main')
    expect(await look()).toEqual(changed('merged with other files'))
  })

  test('by fast-forward of one commit more that edits a file is a change', async () => {
    onBranch()
    world.commit('an edit on top', { 'servers/docs/cdk.tf.json': '{}' })
    push('HEAD:main')
    expect(await look()).toEqual(changed('merged with other files', 'servers/docs/cdk.tf.json', 'git:ann@example.com'))
  })

  test('that adds a definition of another form is a change', async () => {
    world.git('merge', '--quiet', '--no-ff', '--no-commit', branch)
    world.commit('merged with more', { 'servers/docs/definition.yaml': 'name: other' })
    push('main')
    expect(await look()).toEqual(changed('servers/docs/definition.yaml'))
  })
})

describe('the branch', () => {
  test('is open as it was pushed', async () => {
    expect(await look()).toEqual({ kind: 'open' })
  })

  test('is open while main moves', async () => {
    world.commit('chore: main moves', { 'notes.txt': 'x' })
    push('main')
    expect(await look()).toEqual({ kind: 'open' })
  })

  test('is open after main was merged into it', async () => {
    world.commit('chore: main moves', { 'notes.txt': 'x' })
    push('main')
    onBranch()
    world.git('merge', '--quiet', '--no-edit', 'main')
    push('HEAD:gantry/docs/r1')
    expect(await look()).toEqual({ kind: 'open' })
  })

  test('is open after a push that touches none of its files', async () => {
    onBranch()
    world.commit('docs: a note', { 'servers/docs/README.md': 'x' })
    push('HEAD:gantry/docs/r1')
    expect(await look()).toEqual({ kind: 'open' })
  })

  test('is changed by a push that edits a file', async () => {
    onBranch()
    world.commit('an edit', { 'servers/docs/plan.md': 'edited' })
    push('HEAD:gantry/docs/r1')
    expect(await look()).toEqual(changed('servers/docs/plan.md changed on gantry/docs/r1', 'git:ann@example.com'))
  })

  test('is changed by a forced push of other history', async () => {
    world.git('checkout', '--quiet', '--orphan', 'fresh')
    world.git('rm', '--quiet', '-rf', '.')
    world.commit('other history', { 'a.txt': 'x' })
    push('--force', 'HEAD:gantry/docs/r1')
    expect(await look()).toEqual(changed('servers/docs/plan.md'))
  })

  test('is closed when it is deleted', async () => {
    push(':gantry/docs/r1')
    expect(await look()).toEqual({ kind: 'closed' })
  })

  test('is open again when it is pushed again', async () => {
    push(':gantry/docs/r1')
    await look()
    push(`${review.commit}:refs/heads/gantry/docs/r1`)
    expect(await look()).toEqual({ kind: 'open' })
  })

  test('is closed when no trace of its commit is left', async () => {
    push(':gantry/docs/r1')
    world.inRemote('update-ref', '-d', 'refs/gantry/runs/r1')
    expect(await look(review, createGitReview({ ...world.options, directory: join(world.directory, 'later') }))).toEqual({ kind: 'closed' })
  })
})

describe('two servers in one repository', () => {
  test.each([
    ['first', 'gantry/docs/r1', 'gantry/search/r2'],
    ['last', 'gantry/search/r2', 'gantry/docs/r1'],
  ])('are merged in any order: docs %s', async (_, one, other) => {
    const second = await openIn(world, planRequest('r2', 'search'))
    world.freshMain()
    world.git('merge', '--quiet', '--no-ff', '--no-edit', `origin/${one}`)
    push('main')
    const early = await world.provider.look([review, second])
    expect([...early.values()].map(({ kind }) => kind).sort()).toEqual(['merged', 'open'])
    world.git('merge', '--quiet', '--no-ff', '--no-edit', `origin/${other}`)
    push('main')
    const late = await world.provider.look([review, second])
    expect([...late.values()].map(({ kind }) => kind)).toEqual(['merged', 'merged'])
  })
})
