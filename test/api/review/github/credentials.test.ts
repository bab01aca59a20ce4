import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createReview } from './create-review.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
/** As GitHub hands it out. */
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const app = { appId: 7, slug: 'gantry-app', publicKey }

const asApp = (key: () => Promise<string> = async () => pem) =>
  createReview({ app, credentials: { type: 'app', appId: 7, installationId: 42, privateKey: key } })
const tokensAsked = (requests: readonly string[]) => requests.filter((call) => call.includes('access_tokens'))

describe('an App', () => {
  test('asks for one installation token, of this repository, and keeps it', async () => {
    const { github, hub, opened, review } = await asApp()
    const { review: of } = await opened()
    await review.look([of])
    expect(tokensAsked(github.requests)).toEqual(['POST /app/installations/42/access_tokens'])
    expect(hub.pull(1).by).toBe('gantry-app[bot]')
  })

  test('asks for another before an hour is over', async () => {
    const { github, clock, opened, review } = await asApp()
    const { review: of } = await opened()
    await clock.sleep(56 * 60_000)
    await review.look([of])
    expect(tokensAsked(github.requests)).toHaveLength(2)
  })

  test('asks for another where its token was revoked', async () => {
    const { github, opened, state } = await asApp()
    const { review } = await opened()
    github.revokeTokens()
    expect(await state(review)).toEqual({ kind: 'open' })
  })

  test('knows its own comments again', async () => {
    const { hub, opened, review, restart } = await asApp()
    const { review: of, number } = await opened()
    await review.answer(of, 'Too late.')
    await restart().answer(of, 'Too late.')
    expect(hub.pull(number).comments.map(({ by }) => by)).toEqual(['gantry-app[bot]'])
  })

  test('that is not installed there says what it needs', async () => {
    const { github, opened } = await asApp()
    github.trouble(/access_tokens/, { status: 404, message: 'Not Found' }, 9)
    await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('installed on the repository') })
  })

  test('with a key that is none says so and does not repeat it', async () => {
    const { opened } = await asApp(async () => 'hunter2')
    const error = await opened().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/private key/), cause: undefined })
    expect(String(error)).not.toContain('hunter2')
  })

  test('reads its key again after it could not be read', async () => {
    let reads = 0
    const { opened } = await asApp(async () => {
      reads += 1
      if (reads === 1) throw new Error('no Secrets Manager')
      return pem
    })
    await expect(opened()).rejects.toThrow('no Secrets Manager')
    await expect(opened()).resolves.toMatchObject({ number: 1 })
  })
})

describe('a token', () => {
  test('is read for each call, so that a rotated one is followed', async () => {
    let token = 'ghp_old'
    const { opened } = await createReview({ credentials: { type: 'token', token: async () => token } })
    await expect(opened()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('credentials of octo-org/servers'),
    })
    token = 'ghp_test\n'
    await expect(opened()).resolves.toMatchObject({ number: 1 })
  })
})

test('a repository that the credentials do not see is named with what they need', async () => {
  const { opened } = await createReview({ repository: 'octo-org/other' })
  await expect(opened()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('octo-org/other need') })
})
