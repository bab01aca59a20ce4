import { spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import { createReviewWorld, openIn, planPage, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createReviewWorld()
})
afterEach(() => world.remove())

const unavailable = (words: string) => ({ code: 'UNAVAILABLE', message: expect.stringContaining(words) })
const cache = () => join(world.options.directory, 'cache.git')

describe('a repository that is down', () => {
  test('is reported with git’s words, and works again when it is back', async () => {
    const provider = createGitReview({ ...world.options, remote: join(world.directory, 'moved.git') })
    await expect(provider.open(planRequest('r1'))).rejects.toMatchObject(unavailable('does not appear to be a git repository'))
    world.git('clone', '--quiet', '--bare', world.remote, join(world.directory, 'moved.git'))
    expect(await provider.open(planRequest('r1'))).toMatchObject({ branch: 'gantry/docs/r1' })
  })

  test('is not asked for a look at nothing', async () => {
    const provider = createGitReview({ ...world.options, remote: join(world.directory, 'none.git') })
    expect(await provider.look([])).toEqual(new Map())
  })
})

describe('a repository that never answers', () => {
  let server: Server
  let remote: string
  beforeEach(async () => {
    server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    remote = `http://ann:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}/x.git`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  test('is given up after the time for a call', async () => {
    const provider = createGitReview({ ...world.options, remote, timeoutMilliseconds: 300 })
    await expect(provider.proposals()).rejects.toMatchObject(unavailable('after 0.3 s'))
  })

  test('is named without its credentials', async () => {
    const provider = createGitReview({ ...world.options, remote, timeoutMilliseconds: 300 })
    await expect(provider.proposals()).rejects.toSatisfy((error: Error) => !/hunter2|ann/.test(error.message))
  })

  test('is left alone when the process ends', async () => {
    const asked = new Promise<Socket>((resolve) => server.on('request', ({ socket }) => resolve(socket)))
    const module = new URL('../../../../api/review/git/create-git-review.ts', import.meta.url).href
    const script = `
      const { createGitReview } = await import(${JSON.stringify(module)})
      process.on('SIGTERM', () => process.exit())
      await createGitReview(${JSON.stringify({ ...world.options, remote })}).proposals()`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], { stdio: 'ignore' })
    const socket = await asked
    const left = new Promise((resolve) => socket.on('close', resolve))
    child.kill('SIGTERM')
    await left
  })

  test('gets the credentials in a header', async () => {
    const header = new Promise((resolve) => server.on('request', ({ headers }) => resolve(headers.authorization)))
    createGitReview({ ...world.options, remote, timeoutMilliseconds: 300 })
      .proposals()
      .catch(() => undefined)
    expect(await header).toBe(`Basic ${Buffer.from('ann:hunter2').toString('base64')}`)
  })
})

describe('a repository that refuses', () => {
  test('a push is reported in its own words, without credentials', async () => {
    world.hook('pre-receive', 'echo "ask https://bot:hunter2@host.example/rules first" >&2; exit 1')
    await expect(world.provider.open(planRequest('r1'))).rejects.toMatchObject(unavailable('ask https://***@host.example/rules first'))
  })

  test('a note is reported in its own words', async () => {
    const review = await openIn(world, planRequest('r1'))
    world.hook('update', 'case "$1" in refs/notes/*) echo no notes here >&2; exit 1;; esac')
    await expect(world.provider.show(review, planPage())).rejects.toMatchObject(unavailable('no notes here'))
  })

  test('a push that takes too long is given up with all that it started, and the next try finds what it did', async () => {
    world.hook('post-receive', 'sleep 60')
    const provider = createGitReview({ ...world.options, timeoutMilliseconds: 1500 })
    await expect(provider.open(planRequest('r1'))).rejects.toMatchObject(unavailable('git push had no answer'))
    rmSync(join(world.remote, 'hooks', 'post-receive'))
    expect(await provider.open(planRequest('r1'))).toEqual({
      branch: 'gantry/docs/r1',
      commit: world.inRemote('rev-parse', 'gantry/docs/r1'),
    })
  })
})

describe('a repository without a main branch', () => {
  test('is reported with the branches it has', async () => {
    world.inRemote('branch', '-m', 'main', 'trunk')
    await expect(world.provider.open(planRequest('r1'))).rejects.toMatchObject(unavailable('has no branch main, it has trunk'))
  })

  test('is reported as empty where it is', async () => {
    world.inRemote('update-ref', '-d', 'refs/heads/main')
    await expect(world.provider.proposals()).rejects.toMatchObject(unavailable('it has no branch at all'))
  })
})

describe('main that moves while a plan is pushed', () => {
  test('leaves the plan on the main that was', async () => {
    const before = world.inRemote('rev-parse', 'main')
    const tree = world.inRemote('rev-parse', 'main^{tree}')
    world.hook(
      'pre-receive',
      `unset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/main $(git -c user.name=x -c user.email=x commit-tree -p ${before} -m moved ${tree})`,
    )
    const review = await openIn(world, planRequest('r1'))
    expect(world.inRemote('rev-parse', `${review.commit}^`)).toBe(before)
    expect(world.inRemote('rev-parse', 'main')).not.toBe(before)
    expect((await world.provider.look([review])).get('r1')).toEqual({ kind: 'open' })
  })
})

describe('a cache', () => {
  test.each(['refs/remotes/origin/main.lock', 'plan.index.lock'])('is used again where a git that was killed left %s', async (lock) => {
    await world.provider.proposals()
    world.commit('main moves', { 'notes.txt': 'x' })
    world.git('push', '--quiet', 'origin', 'main')
    writeFileSync(join(cache(), lock), '')
    writeFileSync(join(cache(), 'still-the-same'), '')
    expect(await createGitReview(world.options).open(planRequest('r1'))).toMatchObject({ branch: 'gantry/docs/r1' })
    expect(existsSync(join(cache(), 'still-the-same'))).toBe(true)
  })

  test('that lost its objects is made anew while in use', async () => {
    const review = await openIn(world, planRequest('r1'))
    rmSync(join(cache(), 'objects'), { recursive: true })
    expect((await world.provider.look([review])).get('r1')).toEqual({ kind: 'open' })
  })

  test('with an object missing that a later push needs is made anew', async () => {
    const review = await openIn(world, planRequest('r1'))
    const tree = world.inRemote('rev-parse', `${review.commit}^{tree}`)
    for (const object of [review.commit, tree]) rmSync(join(cache(), 'objects', object.slice(0, 2), object.slice(2)), { force: true })
    expect((await world.provider.look([review])).get('r1')).toEqual({ kind: 'open' })
  })

  test('that is no repository is replaced', async () => {
    await world.provider.proposals()
    rmSync(cache(), { recursive: true })
    writeFileSync(cache(), 'rubbish')
    expect(await createGitReview(world.options).proposals()).toEqual([])
  })
})

describe('a remote that would run something', () => {
  test.each(['--upload-pack=touch pwned', '-oProxyCommand=touch', 'ssh://-oProxyCommand=touch/x'])(
    'is only ever an address: %s',
    async (remote) => {
      const provider = createGitReview({ ...world.options, remote, timeoutMilliseconds: 3000 })
      await expect(provider.proposals()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    },
  )
})
