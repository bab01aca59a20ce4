import { describe, expect, test } from 'vitest'
import { createReview, requestOf } from './create-review.ts'

const inSeconds = (now: Date, seconds: number) => String(Math.floor(now.getTime() / 1000) + seconds)

describe('a call that GitHub refuses for now', () => {
  test.each([429, 403])('is sent again after Retry-After: %i', async (status) => {
    const { github, clock, opened } = await createReview()
    github.trouble(/^POST .*pulls$/, { status, headers: { 'retry-after': '7' } })
    await opened()
    expect(clock.waits).toEqual([7000])
  })

  test.each([429, 403])('is sent again once the limit is reset: %i', async (status) => {
    const { github, clock, opened } = await createReview()
    github.trouble(/^POST .*pulls$/, { status, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(clock.now(), 20) } })
    await opened()
    expect(clock.waits).toHaveLength(1)
    expect(clock.waits[0]).toBeGreaterThan(18_000)
    expect(clock.waits[0]).toBeLessThanOrEqual(20_000)
  })

  test('for longer than a sweep may wait says when to try again, and nothing is sent until then', async () => {
    const { github, clock, opened, review } = await createReview()
    const reset = inSeconds(clock.now(), 1800)
    github.trouble(/trees/, { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } })
    const at = new Date(Number(reset) * 1000).toISOString().slice(0, 19)
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(at) })
    github.requests.length = 0
    await expect(review.proposals()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining(at) })
    expect([github.requests, clock.waits]).toEqual([[], []])
    await clock.sleep(1_801_000)
    await expect(opened()).resolves.toMatchObject({ number: 1 })
  })

  test('with a secondary limit that names no time waits for the next sweep', async () => {
    const { github, clock, opened } = await createReview()
    github.trouble(/trees/, { status: 403, message: 'You have exceeded a secondary rate limit.' })
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('rate limit') })
    expect(clock.waits).toEqual([])
  })

  test('waits no more than half a minute altogether', async () => {
    const { github, clock, opened } = await createReview()
    github.trouble(/trees/, { status: 429, headers: { 'retry-after': '14' } }, 9)
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(clock.waits).toEqual([14_000, 14_000])
  })

  test('for want of a permission is not sent again', async () => {
    const { github, clock, opened } = await createReview()
    github.trouble(/trees/, { status: 403, message: 'Resource not accessible by integration' })
    await expect(opened()).rejects.toMatchObject({ message: expect.stringContaining('Contents: write') })
    expect(clock.waits).toEqual([])
  })
})

describe('a call that GitHub cannot answer', () => {
  test.each([500, 502, 503, 504])('is sent again, each time later: %i', async (status) => {
    const { github, clock, opened } = await createReview()
    github.trouble(/^POST .*pulls$/, { status }, 3)
    await opened()
    expect(clock.waits).toEqual([1000, 2000, 4000])
  })

  test('is sent again when the headers say so', async () => {
    const { github, clock, opened } = await createReview()
    github.trouble(/trees/, { status: 503, headers: { 'retry-after': '11' } })
    await opened()
    expect(clock.waits).toEqual([11_000])
  })

  test('is left to the next sweep after four tries', async () => {
    const { github, opened } = await createReview()
    github.trouble(/trees/, { status: 502 }, 4)
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/502.*tried again/) })
    await expect(opened()).resolves.toMatchObject({ number: 1 })
  })

  test.each(['dropped', 'cut', 'lost'] as const)('or whose answer is %s is sent again', async (trouble) => {
    const { github, hub, opened } = await createReview()
    github.trouble(/^POST .*pulls$/, trouble)
    await opened()
    expect(hub.pulls.size).toBe(1)
  })

  test('and would be said twice is not sent again', async () => {
    const { github, clock, opened, review } = await createReview()
    const { review: of } = await opened()
    github.trouble(/^POST .*comments/, { status: 502 })
    await expect(review.answer(of, 'Too late.')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(clock.waits).toEqual([])
  })

  test('because nothing listens there says so', async () => {
    const { github, opened } = await createReview()
    await github.close()
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('gave no answer') })
  })

  test('in time is given up and sent again', async () => {
    const { github, hub, opened } = await createReview({ answerWithinMilliseconds: 2000 })
    github.trouble(/^POST .*pulls$/, 'hang')
    await opened()
    expect(hub.pulls.size).toBe(1)
  })
})

test('what was refused names no credentials', async () => {
  const { github, review } = await createReview()
  github.trouble(/./, { status: 401 }, 99)
  const error = await review.open(requestOf()).catch((caught: unknown) => caught)
  expect(JSON.stringify(error, [...Object.getOwnPropertyNames(error), 'cause', 'request', 'headers', 'authorization'])).not.toContain(
    'ghp_test',
  )
  expect(error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('credentials') })
})
