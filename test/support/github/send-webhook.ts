import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { type Json, least } from './schema.ts'

/** GitHub's published schemas of what its webhooks carry. */
const schemas: Json = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@octokit/webhooks-schemas'), 'utf8'))
const ajv = new Ajv({ strict: false, logger: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(schemas, 'webhooks')

interface Of {
  readonly secret: string
  readonly repository?: string
  readonly number?: number
  readonly delivery?: string
}

/** A signed webhook; `definition` is GitHub's name of its payload, `pull_request$closed`. Throws where the payload does not fit it. */
export function webhook(definition: string, of: Of): Request {
  const payload = least({ $ref: `#/definitions/${definition}` }, schemas) as Json
  if (of.repository !== undefined) payload.repository = { ...(payload.repository as Json), full_name: of.repository }
  if (of.number !== undefined && 'number' in payload) payload.number = of.number
  if (of.number !== undefined && 'pull_request' in payload) payload.pull_request = { ...(payload.pull_request as Json), number: of.number }
  const pointer = definition.replaceAll('$', '%24')
  if (!ajv.validate({ $ref: `webhooks#/definitions/${pointer}` }, payload)) throw new Error(`${definition}: ${ajv.errorsText()}`)
  return signed(JSON.stringify(payload), { ...of, event: definition.split('$')[0] ?? '' })
}

/** Any body as a webhook of GitHub's. */
export function signed(body: string | Uint8Array<ArrayBuffer>, of: { secret: string; event: string; delivery?: string }): Request {
  return new Request('http://gantry.test/webhooks/github', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': of.event,
      'x-github-delivery': of.delivery ?? randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', of.secret).update(body).digest('hex')}`,
    },
  })
}
