import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { GantryError } from '../../schema/error-code.ts'
import { rememberDelivery } from '../../store/deliveries.ts'
import type { AppEnv } from '../app-env.ts'
import type { ApiPorts } from '../ports.ts'
import { readBytes } from '../read-body.ts'
import { readWebhook } from '../review/github/read-webhook.ts'
import { json } from './describe.ts'
import { refusals } from './refusals.ts'

const bodyLimitBytes = 1024 * 1024

const required = ['X-Hub-Signature-256', 'X-GitHub-Delivery', 'X-GitHub-Event']

const Taken = z.strictObject({ outcome: z.enum(['accepted', 'ignored', 'replayed']) })

const header = (name: string, description: string) => ({
  name,
  in: 'header' as const,
  required: true,
  schema: { type: 'string' as const },
  description,
})

/** What GitHub tells of its own accord; its signature is its key. */
export function webhooks(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const github = createRoute({
    method: 'post',
    path: '/webhooks/github',
    tags: ['Platform'],
    summary: 'Take a webhook of the repository where plans are reviewed',
    description:
      'Signed by GitHub. It only makes Gantry look at its pull requests at once instead of at the next sweep: nothing in it is believed.',
    parameters: [
      header('X-Hub-Signature-256', "HMAC-SHA256 of the body by the webhook's secret."),
      header('X-GitHub-Delivery', 'A delivery is taken once.'),
      header('X-GitHub-Event', 'What happened.'),
    ],
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object' },
            example: { action: 'closed', number: 7, pull_request: { number: 7 }, repository: { full_name: 'octo-org/servers' } },
          },
        },
      },
    },
    responses: {
      202: json('Taken: looked at, or of no interest, or taken before', Taken, { outcome: 'accepted' }),
      ...refusals('NOT_FOUND', 'BODY_TOO_LARGE', 'INVALID_JSON'),
    },
  })
  app.openapi(github, async (c) => {
    const missing = required.find((name) => !c.req.header(name))
    if (missing) throw new GantryError('INVALID_REQUEST', `${missing} is missing: expected what GitHub sends with every webhook.`)
    const source = await ports.webhook?.()
    if (!source) throw new GantryError('NOT_FOUND', 'This platform reviews nothing on GitHub.')
    const rawBody = await readBytes(c.req.raw, bodyLimitBytes)
    const { repository } = source
    const read = readWebhook({ headers: c.req.raw.headers, rawBody, secret: await source.secret(), repository })
    if (read.kind === 'ignored') return c.json({ outcome: 'ignored' as const }, 202)
    if (!(await rememberDelivery(ports.store, read.delivery))) return c.json({ outcome: 'replayed' as const }, 202)
    ports.log({ event: 'webhook.accepted', of: read.event, number: read.number, delivery: read.delivery })
    // The sweep looks anyway.
    await ports.onReviewChange?.().catch((error: unknown) => ports.log({ event: 'webhook.not-followed', delivery: read.delivery, error }))
    return c.json({ outcome: 'accepted' as const }, 202)
  })
}
