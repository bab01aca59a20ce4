import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readWebhook } from '../../../../api/review/github/read-webhook.ts'
import { signed, webhook } from '../../../support/github/send-webhook.ts'

const secret = 'it is a secret of some length'
const repository = 'octo-org/servers'

async function read(request: Request, changes: { secret?: string; headers?: Record<string, string> } = {}) {
  const headers = new Headers([...request.headers, ...Object.entries(changes.headers ?? {})])
  for (const [name, value] of Object.entries(changes.headers ?? {})) headers.set(name, value)
  return readWebhook({ headers, rawBody: new Uint8Array(await request.arrayBuffer()), secret: changes.secret ?? secret, repository })
}

describe('readWebhook', () => {
  test.each([
    'pull_request$closed',
    'pull_request$reopened',
    'pull_request$synchronize',
    'pull_request$opened',
    'pull_request$edited',
    'pull_request_review$submitted',
    'pull_request_review$dismissed',
  ])("takes GitHub's %s and says which pull request it is about", async (definition) => {
    expect(await read(webhook(definition, { secret, repository, number: 7, delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958' }))).toEqual({
      kind: 'accepted',
      delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      event: definition.split('$')[0],
      number: 7,
    })
  })

  test.each(['push$event', 'ping$event'])("takes GitHub's %s", async (definition) => {
    expect((await read(webhook(definition, { secret, repository }))).kind).toBe('accepted')
  })

  test.each(['pull_request$labeled', 'issues$opened', 'star$created', 'workflow_run$completed'])(
    "ignores GitHub's %s",
    async (definition) => {
      expect((await read(webhook(definition, { secret, repository }))).kind).toBe('ignored')
    },
  )

  test('takes the repository in any case', async () => {
    expect((await read(webhook('push$event', { secret, repository: 'Octo-Org/SERVERS' }))).kind).toBe('accepted')
  })

  test.each(['octo-org/servers-evil', 'mallory/servers', 'octo-org', ''])('refuses the repository %j', async (other) => {
    await expect(read(webhook('push$event', { secret, repository: other }))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('refuses an event of no repository', async () => {
    await expect(read(signed('{"action":"closed"}', { secret, event: 'pull_request' }))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test.each<[string, Record<string, string>]>([
    ['none', { 'x-hub-signature-256': '' }],
    ['an empty one', { 'x-hub-signature-256': 'sha256=' }],
    ['one of other bytes', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ['one of SHA-1 only', { 'x-hub-signature-256': '', 'x-hub-signature': `sha1=${'0'.repeat(40)}` }],
    ['one that is longer', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}0` }],
    ['one of wide characters', { 'x-hub-signature-256': `sha256=${'ÿ'.repeat(64)}` }],
  ])('refuses a signature that is %s', async (_, headers) => {
    await expect(read(webhook('push$event', { secret, repository }), { headers })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  test('refuses the signature of another secret before it reads the body', async () => {
    await expect(read(signed('not JSON', { secret: 'another secret of some length', event: 'push' }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('refuses to work with a secret that anybody guesses', async () => {
    await expect(read(webhook('push$event', { secret: '', repository }), { secret: '' })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('refuses a signed body that is no JSON', async () => {
    await expect(read(signed('payload=%7B%7D', { secret, event: 'push' }))).rejects.toMatchObject({ code: 'INVALID_JSON' })
  })

  test.each(['[]', 'null', '{"repository":"octo-org/servers"}', '{"repository":{"full_name":7}}'])(
    'refuses the signed body %s',
    async (body) => {
      await expect(read(signed(body, { secret, event: 'push' }))).rejects.toMatchObject({
        code: expect.stringMatching(/INVALID_REQUEST|FORBIDDEN/),
      })
    },
  )

  test.each<Record<string, string>>([
    { 'x-github-delivery': '' },
    { 'x-github-delivery': '../../x' },
    { 'x-github-event': '' },
    { 'x-github-event': 'Push it' },
  ])('refuses the headers %j', async (headers) => {
    await expect(read(webhook('push$event', { secret, repository }), { headers })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test('refuses every body of which one bit is another', async () => {
    const request = webhook('pull_request$closed', { secret, repository, number: 7 })
    const body = new Uint8Array(await request.arrayBuffer())
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(7), (index, bit) => {
        const other = Uint8Array.from(body)
        other[index] = (other[index] ?? 0) ^ (1 << bit)
        expect(() => readWebhook({ headers: request.headers, rawBody: other, secret, repository })).toThrow(
          expect.objectContaining({ code: 'UNAUTHENTICATED' }),
        )
      }),
    )
  })

  test('answers any signed bytes with a result or a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (body) => {
        const outcome = await read(signed(body, { secret, event: 'push' })).catch((error: unknown) => error)
        expect(outcome).toHaveProperty('code')
      }),
    )
  })
})
