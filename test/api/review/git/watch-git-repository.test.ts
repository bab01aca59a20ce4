import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchGitRepository } from '../../../../api/review/git/watch-git-repository.ts'
import { createReviewWorld, openIn, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createReviewWorld()
})
afterEach(() => world.remove())

/** Milliseconds until a change is told that `act` makes. */
async function told(act: () => unknown, options = world.options): Promise<number> {
  let tell: (at: number) => void = () => undefined
  const change = new Promise<number>((resolve) => {
    tell = resolve
  })
  const watcher = watchGitRepository(options, () => tell(performance.now()))
  try {
    await settle()
    await act()
    const acted = performance.now()
    return (await change) - acted
  } finally {
    watcher.close()
  }
}
/** The first look at the repository has been taken: it tells nothing by itself. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 300))

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

  test('asks a remote one whether its branches moved', async () => {
    let asked: () => void = () => undefined
    const request = new Promise<void>((resolve) => {
      asked = resolve
    })
    const server = createServer((_, response) => {
      asked()
      response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`
    const watcher = watchGitRepository({ ...world.options, remote }, () => undefined)
    await request
    watcher.close()
    server.close()
  })
})
