import { describe, expect, test } from 'vitest'
import { createReview, requestOf } from './create-review.ts'

const definition = 'servers/weather/definition.json'

describe('look', () => {
  test('sees what is open and as it was in one call', async () => {
    const { github, opened, state } = await createReview()
    const { review } = await opened()
    github.requests.length = 0
    expect([await state(review), github.requests]).toEqual([
      { kind: 'open' },
      ['GET /repos/octo-org/servers/pulls?state=open&per_page=100&page=1'],
    ])
  })

  test('asks nothing where there is nothing to look at', async () => {
    const { github, review } = await createReview()
    expect([(await review.look([])).size, github.requests]).toEqual([0, []])
  })

  test.each(['merge', 'squash', 'rebase'] as const)('sees a %s of exactly what was planned, though main had moved', async (method) => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.push('main', { 'servers/other/definition.json': '{}' })
    const commit = hub.merge(number, { by: 'ann', method })
    expect(await state(review)).toEqual({ kind: 'merged', by: 'github:ann', commit, reviewers: [] })
  })

  test.each(['merge', 'squash', 'rebase'] as const)('takes a %s with an edit of the files for another plan', async (method) => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.merge(number, { by: 'ann', method, edit: { [definition]: '{"edited":true}' } })
    expect(await state(review)).toMatchObject({ kind: 'changed', what: expect.stringContaining('other files') })
  })

  test('takes a file added beside the planned ones for another plan', async () => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.merge(number, { by: 'ann', edit: { 'servers/weather/extra.tf.json': '{}' } })
    expect((await state(review))?.kind).toBe('changed')
  })

  test('takes a push that changes nothing of the plan for the same plan, open and merged', async () => {
    const { hub, opened, state } = await createReview()
    const { review, number, branch } = await opened()
    hub.push(branch, { 'README.md': 'more words' })
    expect(await state(review)).toEqual({ kind: 'open' })
    hub.merge(number, { by: 'ann', method: 'squash' })
    expect((await state(review))?.kind).toBe('merged')
  })

  test('sees a push that changes the files', async () => {
    const { hub, opened, state } = await createReview()
    const { review, branch } = await opened()
    const head = hub.push(branch, { [definition]: '{"pushed":true}' })
    expect(await state(review)).toEqual({ kind: 'changed', what: `Its branch is at ${head.slice(0, 12)} with other files.` })
  })

  test.each(['open', 'merged'])('takes another base branch for a change: %s', async (when) => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.push('elsewhere', { 'README.md': 'x' })
    hub.pull(number).base = 'elsewhere'
    if (when === 'merged') hub.merge(number, { by: 'ann' })
    expect(await state(review)).toEqual({ kind: 'changed', what: 'Its base is elsewhere, expected main.' })
  })

  test('says who closed it', async () => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.close(number, 'bob')
    expect(await state(review)).toEqual({ kind: 'closed', by: 'github:bob' })
  })

  test('takes a deleted branch for closed', async () => {
    const { hub, opened, state } = await createReview()
    const { review, branch } = await opened()
    hub.deleteRef(`heads/${branch}`)
    expect(await state(review)).toEqual({ kind: 'closed' })
  })

  test('takes what was reopened for open', async () => {
    const { hub, opened, state } = await createReview()
    const { review, number } = await opened()
    hub.close(number, 'bob')
    hub.reopen(number)
    expect(await state(review)).toEqual({ kind: 'open' })
  })

  test('finds one among more pull requests than fit on a page', async () => {
    const { github, hub, opened, state } = await createReview()
    const { review } = await opened()
    for (let more = 0; more < 120; more++) hub.openPull({ branch: `topic-${more}`, by: 'ann' })
    github.requests.length = 0
    expect((await state(review))?.kind).toBe('open')
    expect(github.requests.map((call) => call.replace(/.*&/, ''))).toEqual(['page=1', 'page=2'])
  })

  test('does not take a server for changed because GitHub hides its files', async () => {
    const { github, hub, opened, state, logged } = await createReview()
    const { review, number } = await opened()
    hub.merge(number, { by: 'ann' })
    github.trouble(/contents|git\/commits/, { status: 404 }, 10)
    expect(await state(review)).toBe(undefined)
    expect(logged).toMatchObject([{ event: 'review.unread', number, error: { message: expect.stringContaining('Contents: write') } }])
  })

  test('sees the others where GitHub gives no answer about one', async () => {
    const { github, hub, opened, review: provider } = await createReview()
    const [one, other] = [await opened(), await opened({ runId: '01JZ8Y6V9Q4N3M2K1H0G9F8E7E', serverId: 'wind' })]
    for (const { number } of [one, other]) hub.merge(number, { by: 'ann' })
    github.trouble(/contents\/servers\/weather|git\/commits/, { status: 404 }, 2)
    expect([...(await provider.look([one.review, other.review])).keys()]).toEqual([other.review.runId])
  })

  test('sees of those that have ended, from lists alone, which were merged late or opened again', async () => {
    const { github, hub, opened, review: provider } = await createReview()
    const all = []
    for (const serverId of ['a', 'b', 'c']) all.push(await opened({ runId: `run${serverId}`, serverId }))
    const [late, again, closed] = all.map(({ review, number }) => ({ number, review: { ...review, ended: true } }))
    if (!late || !again || !closed) throw new Error('three were opened')
    hub.close(closed.number, 'ann')
    hub.merge(late.number, { by: 'ann' })
    github.requests.length = 0
    const states = await provider.look([late, again, closed].map(({ review }) => review))
    expect([...states].map(([runId, { kind }]) => [runId, kind])).toEqual([
      ['runa', 'merged'],
      ['runb', 'open'],
      ['runc', 'closed'],
    ])
    expect(github.requests).toHaveLength(2)
  })
})

describe('reviewers', () => {
  async function approvedBy(reviews: readonly [string, 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'][]) {
    const { hub, opened, state } = await createReview()
    for (const login of ['ann', 'bob', 'eve']) hub.permissions.set(login, 'write')
    const { review, number } = await opened()
    for (const [by, word] of reviews) hub.review(number, { by, state: word })
    hub.merge(number, { by: 'ann' })
    const seen = await state(review)
    return seen?.kind === 'merged' ? seen.reviewers : seen
  }

  test('are those who approved, but not who merged', async () => {
    expect(
      await approvedBy([
        ['bob', 'APPROVED'],
        ['ann', 'APPROVED'],
      ]),
    ).toEqual(['github:bob'])
  })

  test('count by their latest word', async () => {
    expect(
      await approvedBy([
        ['bob', 'APPROVED'],
        ['bob', 'CHANGES_REQUESTED'],
        ['eve', 'CHANGES_REQUESTED'],
        ['eve', 'APPROVED'],
      ]),
    ).toEqual(['github:eve'])
  })

  test('do not take an approval back by a comment', async () => {
    expect(
      await approvedBy([
        ['bob', 'APPROVED'],
        ['bob', 'COMMENTED'],
      ]),
    ).toEqual(['github:bob'])
  })

  test('do not count once they were dismissed', async () => {
    expect(await approvedBy([['bob', 'DISMISSED']])).toEqual([])
  })

  test('need the right to write', async () => {
    expect(await approvedBy([['stranger', 'APPROVED']])).toEqual([])
  })

  test('did not approve what was pushed after them and then taken back', async () => {
    const { hub, opened, state } = await createReview()
    hub.permissions.set('bob', 'write')
    const { review, number, branch } = await opened()
    hub.push(branch, { [definition]: '{"sneaked":true}' })
    hub.review(number, { by: 'bob', state: 'APPROVED' })
    hub.push(branch, { [definition]: requestOf().files[definition] ?? '' })
    hub.merge(number, { by: 'ann' })
    expect(await state(review)).toMatchObject({ kind: 'merged', reviewers: [] })
  })
})
