import { describe, expect, test } from 'vitest'
import { createReview, pageOf, requestOf, reviewOf, runId } from './create-review.ts'

const branch = `gantry/weather/${runId}`

describe('open', () => {
  test('puts the files on a branch of the newest main, and nothing else', async () => {
    const { hub, opened } = await createReview()
    hub.push('main', { 'servers/other/definition.json': '{}' })
    const { request } = await opened()
    const files = hub.git.filesOf(hub.shaOf(branch))
    const texts = Object.fromEntries([...files].map(([path, { content }]) => [path, content.toString()]))
    expect(texts).toEqual({ 'README.md': '# Servers\n', 'servers/other/definition.json': '{}', ...request.files })
    expect(hub.git.commits.get(hub.shaOf(branch))?.parents).toEqual([hub.shaOf('main')])
  })

  test('names the run and who proposed it in the commit, on lines of their own', async () => {
    const { hub, opened } = await createReview()
    await opened({ createdBy: 'github:eve\nGantry-Run: other' })
    const message = hub.git.commits.get(hub.shaOf(branch))?.message ?? ''
    expect(message.split('\n').slice(2)).toEqual([
      `Gantry-Run: ${runId}`,
      'Proposed-By: github:eve Gantry-Run: other',
      'Proposed-At: 2026-11-21T10:00:00.000Z',
    ])
  })

  test('opens a pull request with the page, labels and a pending status', async () => {
    const { hub, opened } = await createReview()
    const { review, number } = await opened()
    const pull = hub.pull(number)
    expect([pull.title, pull.body, pull.base, [...pull.labels]]).toEqual([
      pageOf().title,
      pageOf().body,
      'main',
      ['gantry', 'gantry:planned'],
    ])
    expect(hub.statuses.get(review.commit)).toEqual([
      { state: 'pending', context: 'gantry/plan', description: pageOf().summary, target_url: pageOf().url },
    ])
    expect(review).toMatchObject({ branch, commit: hub.shaOf(branch), url: `https://github.test/octo-org/servers/pull/${number}` })
  })

  test('never writes to the main branch', async () => {
    const { hub, opened, review } = await createReview()
    const main = hub.shaOf('main')
    const { review: of } = await opened()
    await review.close(of, pageOf({ stage: 'expired' }))
    expect(hub.shaOf('main')).toBe(main)
  })

  test('finds the pull request that it opened before', async () => {
    const { hub, opened, restart } = await createReview()
    const { review, request } = await opened()
    hub.push('main', { 'README.md': 'moved' })
    expect(reviewOf(request, await restart().open(request))).toEqual(review)
    expect([hub.pulls.size, hub.pull(1).comments.length, hub.statuses.get(review.commit)?.length]).toEqual([1, 0, 1])
  })

  test('keeps two servers in one repository apart', async () => {
    const { hub, opened, state } = await createReview()
    const one = await opened()
    const two = await opened({ serverId: 'other', runId: '01JZ8Y6V9Q4N3M2K1H0G9F8E7E' })
    hub.merge(one.number, { by: 'ann' })
    expect([(await state(one.review))?.kind, (await state(two.review))?.kind]).toEqual(['merged', 'open'])
  })

  const calls = 16
  test.each(Array.from({ length: calls }, (_, index) => index))(
    'cut short at call %i, before or after the deed, is finished by the next',
    async (index) => {
      for (const lost of ['dropped', 'lost'] as const) {
        const { github, hub, review, restart } = await createReview()
        for (let skipped = 0; skipped < index; skipped++) github.trouble(/./, 'pass')
        github.trouble(/./, lost, 100)
        await expect(review.open(requestOf())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
        github.calm()
        const opened = await restart().open(requestOf())
        expect([hub.pulls.size, [...hub.pull(1).labels], hub.shaOf(branch), opened.commit]).toEqual([
          1,
          ['gantry', 'gantry:planned'],
          opened.commit,
          hub.pull(1).head,
        ])
        expect(new Set(hub.statuses.get(opened.commit)?.map(({ state }) => state))).toEqual(new Set(['pending']))
      }
    },
  )

  test('takes as many calls as are cut short above', async () => {
    const { github, opened } = await createReview()
    await opened()
    expect(github.requests).toHaveLength(calls)
  })

  test('that finds files of somebody else on its branch says that it changed', async () => {
    const { hub, opened, state } = await createReview()
    hub.push(branch, { 'servers/weather/definition.json': '{"evil":true}' })
    const { review } = await opened()
    expect(await state(review)).toMatchObject({ kind: 'changed' })
  })

  test('cuts a body, a title and a status that GitHub would refuse, and links to the rest', async () => {
    const { hub, opened } = await createReview()
    const body = `${'a line of a plan of three hundred resources\n'.repeat(2000)}`
    const { review, number } = await opened({ page: pageOf({ body, title: 'ü'.repeat(400), summary: '☀'.repeat(300) }) })
    expect(hub.pull(number).body.length).toBeLessThan(65_536)
    expect(hub.pull(number).body).toMatch(/resources\n\n… \[the rest\]\(https:\/\/gantry\.example\.com\/runs\/1\)$/)
    expect([hub.pull(number).title.length, hub.statuses.get(review.commit)?.[0]?.description?.length]).toEqual([256, 140])
  })

  test('leaves a body of 60 KB as it is', async () => {
    const { hub, opened } = await createReview()
    const { number } = await opened({ page: pageOf({ body: 'x'.repeat(60 * 1024) }) })
    expect(hub.pull(number).body).toHaveLength(60 * 1024)
  })

  test('names the permission where a rule of the repository forbids the branch', async () => {
    const { github, opened } = await createReview()
    github.rules.push(/^heads\/gantry\//)
    await expect(opened()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/rule violations.*Contents: write/s),
    })
  })

  test.each([
    ['POST .*/git/trees', 'Contents: write'],
    ['POST .*/pulls', 'Pull requests: write'],
    ['POST .*/labels', 'Issues: write'],
    ['POST .*/statuses', 'Commit statuses: write'],
  ])('names the permission where GitHub refuses %s', async (on, permission) => {
    const { github, opened } = await createReview()
    github.trouble(new RegExp(on), { status: 403, message: 'Resource not accessible by integration' })
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(permission) })
  })

  test('says so where the repository has no main branch yet', async () => {
    const { hub, opened } = await createReview()
    hub.refs.delete('heads/main')
    await expect(opened()).rejects.toMatchObject({ message: expect.stringContaining('The branch main') })
  })
})
