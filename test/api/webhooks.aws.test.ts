import { describe, expect, inject, test } from 'vitest'
import { webhook } from '../support/github/send-webhook.ts'
import { createApi } from './create-api.ts'

const secret = 'it is a secret of some length'
const repository = 'octo-org/servers'

async function createHooked(onReviewChange?: () => Promise<void>) {
  const looks: string[] = []
  const api = await createApi(inject('emulatorUrl'), {
    webhook: async () => ({ repository, secret: async () => secret }),
    onReviewChange: onReviewChange ?? (async () => void looks.push('look')),
  })
  const post = async (request: Request) => {
    const response = await api.app.request(request)
    return [response.status, await response.json()]
  }
  return { ...api, looks, post }
}
const merged = (delivery: string) => webhook('pull_request$closed', { secret, repository, number: 7, delivery })

describe('POST /webhooks/github', () => {
  test('has the reviews looked at', async () => {
    const { post, looks } = await createHooked()
    expect([await post(merged('72d3162e-cc78-11e3-81ab-4c9367dc0958')), looks]).toEqual([[202, { outcome: 'accepted' }], ['look']])
  })

  test('takes a delivery once, also of many at a time', async () => {
    const { post, looks } = await createHooked()
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(merged('72d3162e-cc78-11e3-81ab-4c9367dc0959'))))
    const outcomes = answers.map(([, body]) => (body as { outcome: string }).outcome).sort()
    expect([outcomes, looks]).toEqual([['accepted', 'replayed', 'replayed', 'replayed', 'replayed'], ['look']])
  })

  test('is no failure of the sender where the look fails: the sweep looks again', async () => {
    const { post, logged } = await createHooked(async () => {
      throw new Error('GitHub is down')
    })
    expect(await post(merged('72d3162e-cc78-11e3-81ab-4c9367dc0960'))).toEqual([202, { outcome: 'accepted' }])
    expect(logged).toContainEqual(expect.objectContaining({ event: 'webhook.not-followed' }))
  })
})
