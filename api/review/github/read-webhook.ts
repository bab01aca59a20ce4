import { createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { GantryError } from '../../../schema/error-code.ts'
import { decode, parseJson } from '../../read-body.ts'

interface Received {
  readonly headers: Headers
  /** As it came: the signature is of these bytes. */
  readonly rawBody: Uint8Array
  readonly secret: string
  /** `owner/name` */
  readonly repository: string
}

/** That something happened, and to which pull request; what it is now, only the API says. */
export interface WebhookEvent {
  readonly kind: 'accepted' | 'ignored'
  readonly delivery: string
  readonly event: string
  readonly number?: number
}

/** What changes a review: events, and of `pull_request` the actions. */
const pullRequestActions = new Set(['opened', 'reopened', 'synchronize', 'edited', 'closed'])
const wanted = new Set(['pull_request', 'pull_request_review', 'push', 'ping'])

const Payload = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: z.string() }).optional(),
  pull_request: z.object({ number: z.number().int().positive() }).optional(),
})

const minSecretCharacters = 16

/**
 * Reads one of GitHub's webhooks. Throws GantryError UNAUTHENTICATED for a wrong signature, FORBIDDEN for another repository,
 * INVALID_REQUEST and INVALID_JSON for what is no webhook; nothing of the body is parsed before its signature is proven.
 */
export function readWebhook({ headers, rawBody, secret, repository }: Received): WebhookEvent {
  if (secret.length < minSecretCharacters) {
    throw new GantryError(
      'UNAVAILABLE',
      `The webhook's secret is shorter than ${minSecretCharacters} characters: put a random one in place.`,
    )
  }
  if (!isSigned(rawBody, secret, headers.get('x-hub-signature-256') ?? '')) {
    throw new GantryError('UNAUTHENTICATED', "X-Hub-Signature-256 does not fit the body: expected its HMAC by the webhook's secret.")
  }
  const delivery = headers.get('x-github-delivery') ?? ''
  const event = headers.get('x-github-event') ?? ''
  if (!/^[\w-]{8,64}$/.test(delivery) || !/^[a-z_]{1,64}$/.test(event)) {
    throw new GantryError('INVALID_REQUEST', 'X-GitHub-Delivery or X-GitHub-Event is missing or odd, expected them as GitHub sends them.')
  }
  const read = Payload.safeParse(parseJson(decode(rawBody)))
  if (!read.success) throw new GantryError('INVALID_REQUEST', "The body is not a webhook's payload.")
  const { action, repository: sender, pull_request: pull } = read.data
  // An App's or an organization's ping is of no repository.
  const isOurs = sender ? sender.full_name.toLowerCase() === repository.toLowerCase() : event === 'ping'
  if (!isOurs) {
    throw new GantryError(
      'FORBIDDEN',
      `This webhook is of ${JSON.stringify(sender?.full_name.slice(0, 150) ?? 'no repository')}, expected ${repository}.`,
    )
  }
  const ofInterest = wanted.has(event) && (event !== 'pull_request' || pullRequestActions.has(action ?? ''))
  return { kind: ofInterest ? 'accepted' : 'ignored', delivery, event, ...(pull && { number: pull.number }) }
}

function isSigned(body: Uint8Array, secret: string, signature: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
  const got = Buffer.from(signature)
  return got.length === expected.length && timingSafeEqual(got, expected)
}
