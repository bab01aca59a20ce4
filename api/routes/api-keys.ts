import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { audited, note } from '../audited.ts'
import { idempotent } from '../idempotent.ts'
import { NewKey } from '../new-key.ts'
import { parseBody } from '../parse-body.ts'
import type { ApiPorts } from '../ports.ts'
import { readBody } from '../read-body.ts'
import { signedIn } from '../signed-in.ts'
import { createKey } from '../verbs/create-key.ts'
import { listKeys } from '../verbs/list-keys.ts'
import { revokeKey } from '../verbs/revoke-key.ts'
import { KeyView } from '../views.ts'
import { idempotencyHeader, json, jsonBody, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { ofBody, ofKey, refusals } from './refusals.ts'

const Created = KeyView.extend({ token: z.string().optional() }).meta({ id: 'CreatedApiKey' })

/** /api-keys */
export function apiKeys(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const create = createRoute({
    method: 'post',
    path: '/api-keys',
    tags: ['API keys'],
    summary: 'Make a key',
    description: 'The token is in this one answer and nowhere else; an answer repeated for an Idempotency-Key is without it.',
    ...signed,
    middleware: audited(ports, 'key:create'),
    request: { body: jsonBody(NewKey, { description: examples.key.description, groups: ['docs'] }) },
    parameters: [idempotencyHeader],
    responses: { 201: json('The key', Created, { ...examples.key, token: 'gantry_a1b2c3d4e5f6g7h8_…' }), ...refusals(...ofBody, ...ofKey) },
  })
  app.openapi(create, async (c) => {
    const body = await readBody(c.req.raw)
    return idempotent(ports, c, body, async () => {
      const { key, token } = await createKey(ports, c.var.principal, parseBody(NewKey, body))
      note(c, { keyId: key.id })
      return { status: 201 as const, headers: {}, body: key, onlyOnce: { token } }
    })
  })

  const list = createRoute({
    method: 'get',
    path: '/api-keys',
    tags: ['API keys'],
    summary: 'All keys, without their secrets',
    ...signed,
    middleware: signedIn(ports, 'key:read'),
    request: { query: pageQuery },
    responses: { 200: json('One page', pageOf(KeyView), { items: [examples.key] }), ...refusals() },
  })
  app.openapi(list, async (c) => c.json(await listKeys(ports, c.var.principal, c.req.valid('query')), 200))

  const revoke = createRoute({
    method: 'delete',
    path: '/api-keys/{id}',
    tags: ['API keys'],
    summary: 'Revoke a key',
    description: 'It stops within five seconds.',
    ...signed,
    middleware: audited(ports, 'key:revoke'),
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Revoked' }, ...refusals('NOT_FOUND') },
  })
  app.openapi(revoke, async (c) => {
    await revokeKey(ports, c.var.principal, c.req.valid('param').id)
    return c.body(null, 204)
  })
}
