import { createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createValidator } from './create-validator.ts'
import { at, type Json, least } from './schema.ts'

/** GitHub's published schemas of what its webhooks carry. */
const require = createRequire(import.meta.url)
const schemas: Json = JSON.parse(readFileSync(require.resolve('@octokit/webhooks-schemas'), 'utf8'))
const validate = createValidator(schemas)

interface Of {
  readonly secret: string
  readonly repository?: string
  readonly number?: number
  readonly delivery?: string
}

/** A signed webhook; `definition` is GitHub's name of its payload, `pull_request$closed`. Throws where the payload does not fit it. */
export function webhook(definition: string, of: Of): Request {
  const payload = least({ $ref: `#/definitions/${definition}` }, schemas) as Json
  if (of.repository !== undefined)
    payload.repository = { ...(least({ $ref: '#/definitions/repository' }, schemas) as Json), full_name: of.repository }
  if (of.number !== undefined && 'number' in payload) payload.number = of.number
  if (of.number !== undefined && 'pull_request' in payload) payload.pull_request = { ...(payload.pull_request as Json), number: of.number }
  const faults = validate(at(schemas, `/definitions/${definition}`), payload)
  if (faults.length > 0) throw new Error(`${definition}: ${faults.join('; ')}`)
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
