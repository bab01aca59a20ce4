import { EventEmitter, once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import { watchGitRepository } from '../../../../api/review/git/watch-git-repository.ts'
import { createReviewWorld, openIn, planPage, planRequest, type ReviewWorld } from './review-world.ts'
import { serveGit } from './serve-git.ts'

let world: ReviewWorld
let served: Awaited<ReturnType<typeof serveGit>>
beforeEach(async () => {
  world = await createReviewWorld()
  served = await serveGit(world.directory, 'bot:hunter2')
})
afterEach(() => {
  served.close()
  world.remove()
})

const providerAs = (user: string) => createGitReview({ ...world.options, remote: served.urlFor(user, 'remote.git') })

describe('a repository over HTTP', () => {
  test('is reviewed like one on this machine', async () => {
    const provider = providerAs('bot:hunter2')
    const review = await openIn({ provider }, planRequest('r1'))
    world.freshMain()
    world.git('merge', '--quiet', '--squash', 'origin/gantry/docs/r1')
    world.git('commit', '--quiet', '--message', 'squashed')
    world.git('push', '--quiet', 'origin', 'main')
    expect((await provider.look([review])).get('r1')).toMatchObject({ kind: 'merged', by: 'git:ann@example.com' })
    await provider.close(review, planPage({ stage: 'live' }))
    expect(world.inRemote('for-each-ref', '--format=%(refname)').split('\n')).toEqual([
      'refs/gantry/runs/r1',
      'refs/heads/main',
      'refs/notes/gantry',
    ])
  })

  test('refuses a wrong login in words that do not hold it', async () => {
    const refused = expect(providerAs('bot:wrong').open(planRequest('r1'))).rejects
    await refused.toMatchObject({ code: 'UNAVAILABLE', message: expect.not.stringContaining('wrong') })
  })

  test('leaves its password in no file', async () => {
    await providerAs('bot:hunter2').open(planRequest('r1'))
    const encoded = Buffer.from('bot:hunter2').toString('base64')
    const files = readdirSync(world.options.directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    expect(texts.filter((text) => text.includes('hunter2') || text.includes(encoded))).toEqual([])
  })

  test('is polled for branches that moved', async () => {
    const calls = new EventEmitter()
    const options = { ...world.options, remote: served.urlFor('bot:hunter2', 'remote.git') }
    const watcher = watchGitRepository(options, () => calls.emit('change'))
    await once(calls, 'change')
    const change = once(calls, 'change')
    world.commit('main moves', { 'notes.txt': 'x' })
    world.git('push', '--quiet', 'origin', 'main')
    await change
    watcher.close()
  })
})
