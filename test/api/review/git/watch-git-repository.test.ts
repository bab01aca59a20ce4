import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchGitRepository } from '../../../../api/review/git/watch-git-repository.ts'
import { createReviewWorld, openIn, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createReviewWorld()
})
afterEach(() => world.remove())

/** A watcher whose tellings can be awaited one after the other. */
function watching(options = world.options) {
  const calls = new EventEmitter()
  const watcher = watchGitRepository(options, () => calls.emit('change'))
  return { close: () => watcher.close(), next: () => once(calls, 'change') }
}

/** Milliseconds until a change is told that `act` makes. */
async function told(act: () => unknown, options = world.options): Promise<number> {
  const { next, close } = watching(options)
  await next()
  const change = next()
  await act()
  const acted = performance.now()
  await change
  close()
  return performance.now() - acted
}

describe('watchGitRepository', () => {
  test('tells of a merge within a second', async () => {
    world.commit('x', { 'notes.txt': 'x' })
    expect(await told(() => world.git('push', '--quiet', 'origin', 'main'))).toBeLessThan(1000)
  })

  test('tells of a branch that is deleted', async () => {
    await openIn(world, planRequest('r1'))
    expect(await told(() => world.git('push', '--quiet', 'origin', ':gantry/docs/r1'))).toBeLessThan(2500)
  })

  test('tells of a deleted branch that was packed', async () => {
    await openIn(world, planRequest('r1'))
    world.inRemote('pack-refs', '--all')
    expect(await told(() => world.git('push', '--quiet', 'origin', ':gantry/docs/r1'))).toBeLessThan(2500)
  })

  test('tells of a repository that appears', async () => {
    const remote = `${world.directory}/later.git`
    const appear = () => world.git('clone', '--quiet', '--bare', world.remote, remote)
    expect(await told(appear, { ...world.options, remote })).toBeLessThan(4500)
  })
})
