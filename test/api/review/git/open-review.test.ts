import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import { createReviewWorld, openIn, planPage, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
beforeEach(async () => {
  world = await createReviewWorld()
})
afterEach(() => world.remove())

/** The same provider after a restart, without its cache. */
const another = (name: string) => createGitReview({ ...world.options, directory: join(world.directory, name) })

describe('open', () => {
  test('puts one commit with the files on the tip of main', async () => {
    const { branch, commit } = await world.provider.open(planRequest('r1'))
    expect(branch).toBe('gantry/docs/r1')
    expect(world.inRemote('rev-parse', 'gantry/docs/r1', 'gantry/docs/r1^')).toBe(`${commit}\n${world.inRemote('rev-parse', 'main')}`)
    expect(world.inRemote('diff', '--name-only', 'main', 'gantry/docs/r1').split('\n')).toEqual([
      'servers/docs/cdk.tf.json',
      'servers/docs/definition.json',
      'servers/docs/plan.md',
    ])
  })

  test('names the run and who proposed it in the commit', async () => {
    await world.provider.open(planRequest('r1'))
    expect(world.inRemote('log', '-1', '--format=%an <%ae> %aI%n%B', 'gantry/docs/r1')).toBe(
      'Gantry <gantry@example.com> 2026-11-21T10:00:00+00:00\nplan(docs): Update docs\n\n1 to change.\n\nGantry-Run: r1\nProposed-By: user:ben',
    )
  })

  test('finds what an earlier try pushed, also with an empty cache and after main moved', async () => {
    const first = await world.provider.open(planRequest('r1'))
    world.commit('chore: something else', { 'notes.txt': 'x' })
    world.git('push', '--quiet', 'origin', 'main')
    expect(await another('later').open(planRequest('r1'))).toEqual(first)
  })

  test('makes the same commit again where an earlier try was cut short before its push', async () => {
    const first = await world.provider.open(planRequest('r1'))
    world.inRemote('update-ref', '-d', 'refs/heads/gantry/docs/r1')
    world.inRemote('update-ref', '-d', 'refs/gantry/runs/r1')
    expect(await another('later').open(planRequest('r1'))).toEqual(first)
    expect(world.inRemote('rev-parse', 'gantry/docs/r1')).toBe(first.commit)
  })

  test('does not push again what was merged and removed before anybody noted that it was open', async () => {
    const first = await world.provider.open(planRequest('r1'))
    world.freshMain()
    world.git('merge', '--quiet', '--squash', 'origin/gantry/docs/r1')
    world.git('commit', '--quiet', '--message', 'squashed')
    world.git('push', '--quiet', 'origin', 'main', ':gantry/docs/r1')
    expect(await another('later').open(planRequest('r1'))).toEqual(first)
    expect(world.inRemote('for-each-ref', 'refs/heads/gantry')).toBe('')
  })

  test('puts changed files on top of what an earlier try pushed', async () => {
    const first = await world.provider.open(planRequest('r1'))
    const request = planRequest('r1', 'docs', { files: { 'servers/docs/plan.md': 'rendered anew\n' } })
    const second = await another('later').open(request)
    expect(world.inRemote('rev-parse', 'gantry/docs/r1^')).toBe(first.commit)
    expect(world.inRemote('show', `${second.commit}:servers/docs/plan.md`)).toBe('rendered anew')
  })

  test('leaves a branch of its name alone that somebody else made', async () => {
    const head = world.commit('mine', { 'servers/docs/plan.md': 'mine' })
    world.git('push', '--quiet', 'origin', 'HEAD:refs/heads/gantry/docs/r1')
    await expect(world.provider.open(planRequest('r1'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('do not name the run'),
    })
    expect(world.inRemote('rev-parse', 'gantry/docs/r1')).toBe(head)
  })

  test('needs no other refs than branches', async () => {
    world.hook('update', 'case "$1" in refs/heads/*) exit 0;; *) exit 1;; esac')
    const { commit } = await world.provider.open(planRequest('r1'))
    expect(world.inRemote('for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads/gantry', 'refs/gantry')).toBe(
      `refs/heads/gantry/docs/r1 ${commit}`,
    )
    expect(await another('later').open(planRequest('r1'))).toEqual({ branch: 'gantry/docs/r1', commit })
  })

  test.each([
    'servers/other/plan.md',
    'servers/docs/../other/plan.md',
    'servers/docs/.git',
    'servers/docs/a\nb',
    'servers/docs/',
    '/servers/docs/x',
  ])('refuses the path %j', async (path) => {
    await expect(world.provider.open(planRequest('r1', 'docs', { files: { [path]: 'x' } }))).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    })
  })

  test.each(['--upload-pack=touch /tmp/x', 'a/b', 'x..y', ''])('refuses the run id %j', async (runId) => {
    await expect(world.provider.open({ ...planRequest('r1'), runId })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test('takes titles, names and files as they are and lets none of them add a trailer', async () => {
    const content = '$(touch /tmp/pwned)\r\n`x`\u0000\n'
    const request = planRequest('r1', 'docs', {
      files: { 'servers/docs/plan.md': content },
      page: planPage({ title: '--amend\n\nGantry-Run: r9\u0000$(id)', summary: 'one\ntwo' }),
      createdBy: 'x\nGantry-Run: r8',
    })
    const { commit } = await world.provider.open(request)
    expect(world.inRemote('log', '-1', '--format=%s|%(trailers:key=Gantry-Run,valueonly,separator=%x2C)', commit)).toBe(
      'plan(docs): --amend Gantry-Run: r9 $(id)|r1',
    )
    expect(world.inRemote('cat-file', '-s', `${commit}:servers/docs/plan.md`)).toBe(String(Buffer.byteLength(content)))
  })

  test('opens reviews of two servers side by side', async () => {
    const opened = await Promise.all([openIn(world, planRequest('r1')), openIn(world, planRequest('r2', 'search'))])
    expect(opened.map(({ branch }) => branch)).toEqual(['gantry/docs/r1', 'gantry/search/r2'])
    expect(world.inRemote('ls-tree', '-r', '--name-only', 'gantry/search/r2').split('\n')).not.toContain('servers/docs/plan.md')
  })
})
