import { describe, expect, test } from 'vitest'
import type { ReviewStage } from '../../../../api/review/review-provider.ts'
import { createReview, pageOf } from './create-review.ts'

const latest = <T>(all: readonly T[] | undefined): T | undefined => all?.at(-1)

describe('show', () => {
  test.each<[ReviewStage, string]>([
    ['planned', 'pending'],
    ['approved', 'pending'],
    ['applying', 'pending'],
    ['live', 'success'],
    ['failed', 'failure'],
    ['discarded', 'error'],
    ['expired', 'error'],
    ['superseded', 'error'],
    ['planning', 'pending'],
  ])('shows %s as the status %s, with its label in place of the one before', async (stage, state) => {
    const { hub, opened, review } = await createReview()
    const { review: of, number } = await opened()
    hub.pull(number).labels.add('theirs')
    await review.show(of, pageOf({ stage, body: `now ${stage}`, summary: `it is ${stage}` }))
    expect([hub.pull(number).body, [...hub.pull(number).labels].sort()]).toEqual([
      `now ${stage}`,
      ['gantry', `gantry:${stage}`, 'theirs'].sort(),
    ])
    expect(latest(hub.statuses.get(of.commit))).toMatchObject({ state, description: `it is ${stage}` })
  })

  test('writes nothing that stands there already', async () => {
    const { github, opened, review } = await createReview()
    const { review: of } = await opened()
    github.requests.length = 0
    await review.show(of, pageOf())
    expect(github.requests.filter((call) => !call.startsWith('GET '))).toEqual([])
  })

  test('restores what somebody edited by hand', async () => {
    const { hub, opened, review } = await createReview()
    const { review: of, number } = await opened()
    Object.assign(hub.pull(number), { title: 'Harmless', body: 'Nothing is destroyed, merge me' })
    hub.pull(number).labels.delete('gantry:planned')
    await review.show(of, pageOf())
    expect([hub.pull(number).title, hub.pull(number).body, [...hub.pull(number).labels]]).toEqual([
      pageOf().title,
      pageOf().body,
      ['gantry', 'gantry:planned'],
    ])
  })

  test('sets the status of a discarded plan on the head that a merge would take', async () => {
    const { hub, opened, review } = await createReview()
    const { review: of, branch } = await opened()
    const head = hub.push(branch, { 'servers/weather/definition.json': '{}' })
    await review.show(of, pageOf({ stage: 'discarded' }))
    expect(latest(hub.statuses.get(head))?.state).toBe('error')
  })
})

describe('close', () => {
  test('closes with the reason and deletes the branch', async () => {
    const { hub, opened, review, state } = await createReview()
    const { review: of, number, branch } = await opened()
    await review.close(of, pageOf({ stage: 'expired', body: 'Expired after seven days' }))
    expect([hub.pull(number).state, hub.pull(number).body, hub.refs.has(`heads/${branch}`)]).toEqual([
      'closed',
      'Expired after seven days',
      false,
    ])
    expect(await state(of)).toEqual({ kind: 'closed', by: 'github:gantry' })
  })

  test('may be repeated', async () => {
    const { opened, review } = await createReview()
    const { review: of } = await opened()
    await review.close(of, pageOf({ stage: 'expired' }))
    await expect(review.close(of, pageOf({ stage: 'expired' }))).resolves.toBeUndefined()
  })

  test('leaves a merge that came first', async () => {
    const { github, hub, opened, review, state } = await createReview()
    const { review: of, number } = await opened()
    const merged = hub.merge(number, { by: 'ann' })
    github.hub.pull(number).state = 'open'
    await review.close(of, pageOf({ stage: 'expired' }))
    github.hub.pull(number).state = 'closed'
    expect(await state(of)).toMatchObject({ kind: 'merged', commit: merged })
  })
})

describe('answer', () => {
  test('says the same once and another thing beside it', async () => {
    const { hub, opened, review, restart } = await createReview()
    const { review: of, number } = await opened()
    await review.answer(of, 'Merged after it had expired.')
    await restart().answer(of, 'Merged after it had expired.')
    await review.answer(of, 'Merged twice.')
    expect(hub.pull(number).comments.map(({ body }) => body.split('\n')[1])).toEqual(['Merged after it had expired.', 'Merged twice.'])
  })

  test('is not silenced by somebody who said it first', async () => {
    const { hub, opened, review } = await createReview()
    const { review: of, number } = await opened()
    await review.answer(of, 'Too late.')
    const [ours] = hub.pull(number).comments.splice(0)
    hub.comment(number, 'mallory', ours?.body ?? '')
    await review.answer(of, 'Too late.')
    expect(hub.pull(number).comments.map(({ by }) => by)).toEqual(['mallory', 'gantry'])
  })

  test('that got no reply is not said twice', async () => {
    const { github, hub, opened, review } = await createReview()
    const { review: of, number } = await opened()
    github.trouble(/^POST .*comments/, 'lost')
    await expect(review.answer(of, 'Too late.')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await review.answer(of, 'Too late.')
    expect(hub.pull(number).comments).toHaveLength(1)
  })
})
