import { describe, expect, test } from 'vitest'
import { createApp } from '../../api/create-app.ts'
import type { ApiPorts } from '../../api/ports.ts'
import { signed, webhook } from '../support/github/send-webhook.ts'
import { unreachablePorts } from './unreachable-ports.ts'

const secret = 'it is a secret of some length'
const repository = 'octo-org/servers'
async function post(request: Request, changes: Partial<ApiPorts> = {}) {
  const looks: string[] = []
  const app = createApp({
    ...unreachablePorts,
    webhook: async () => ({ repository, secret: async () => secret }),
    onReviewChange: async () => void looks.push('look'),
    ...changes,
  })
  const response = await app.request(request)
  return { status: response.status, body: JSON.parse(await response.text()), looks }
}

describe('POST /webhooks/github', () => {
  test('is not there where nothing is reviewed on GitHub', async () => {
    const answer = await post(webhook('push$event', { secret, repository }), { webhook: async () => undefined })
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND'])
  })

  test('refuses a bad signature', async () => {
    const answer = await post(webhook('push$event', { secret: 'another secret of some length', repository }))
    expect([answer.status, answer.body.code, answer.looks]).toEqual([401, 'UNAUTHENTICATED', []])
  })

  test('refuses another repository', async () => {
    const answer = await post(webhook('push$event', { secret, repository: 'mallory/servers' }))
    expect([answer.status, answer.body.code, answer.looks]).toEqual([403, 'FORBIDDEN', []])
  })

  test.each(['star$created', 'pull_request$labeled', 'issue_comment$created'])('takes %s and does nothing', async (definition) => {
    const answer = await post(webhook(definition, { secret, repository }))
    expect([answer.status, answer.body, answer.looks]).toEqual([202, { outcome: 'ignored' }, []])
  })

  test('refuses 5 MB that say so without reading any', async () => {
    const request = signed(new Uint8Array(5 * 1024 * 1024), { secret, event: 'push' })
    request.headers.set('content-length', String(5 * 1024 * 1024))
    const answer = await post(request)
    expect([answer.status, answer.body.code, request.bodyUsed]).toEqual([413, 'BODY_TOO_LARGE', false])
  })

  test('stops reading 5 MB that do not say so at 1 MB', async () => {
    const { headers } = signed('', { secret, event: 'push' })
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
        if (sent >= 5 * 1024 * 1024) controller.close()
      },
    })
    const answer = await post(
      new Request('http://gantry.test/webhooks/github', { method: 'POST', headers, body, duplex: 'half' } as RequestInit),
    )
    expect(answer.status).toBe(413)
    expect(sent).toBeLessThan(1.5 * 1024 * 1024)
  })

  test('says 503 where its secret cannot be read', async () => {
    const failing = async () => {
      throw Object.assign(new Error('arn:… is denied'), { name: 'ThrottlingException' })
    }
    const answer = await post(webhook('push$event', { secret, repository }), { webhook: async () => ({ repository, secret: failing }) })
    expect([answer.status, answer.body.detail]).toEqual([503, expect.not.stringContaining('arn')])
  })

  test('allows no other method', async () => {
    const answer = await post(new Request('http://gantry.test/webhooks/github'))
    expect(answer.status).toBe(405)
  })
})
