import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { audited } from '../audited.ts'
import { parseBody } from '../parse-body.ts'
import type { ApiPorts } from '../ports.ts'
import { readBody } from '../read-body.ts'
import { putSecret, SecretValue } from '../verbs/put-secret.ts'
import { jsonBody, signed } from './describe.ts'
import { ofBody, ofServer, refusals } from './refusals.ts'

/** /servers/{id}/secrets */
export function secrets(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const put = createRoute({
    method: 'put',
    path: '/servers/{id}/secrets/{name}',
    tags: ['Secrets'],
    summary: 'Set the value of a managed secret',
    description:
      'The value goes straight to Secrets Manager; Gantry keeps and shows none of it. Tasks read it when they start: roll=true replaces them, one after the other, without a run.',
    ...signed,
    middleware: audited(ports, 'secret:write'),
    request: {
      params: z.object({ id: z.string(), name: z.string() }),
      query: z.object({ roll: z.enum(['true', 'false']).default('false') }),
      body: jsonBody(SecretValue, { value: 'the new value' }),
    },
    responses: { 204: { description: 'The value is set' }, ...refusals(...ofBody, ...ofServer) },
  })
  app.openapi(put, async (c) => {
    const { value } = parseBody(SecretValue, await readBody(c.req.raw))
    await putSecret(ports, c.var.principal, { ...c.req.valid('param'), value, roll: c.req.valid('query').roll === 'true' })
    return c.body(null, 204)
  })
}
