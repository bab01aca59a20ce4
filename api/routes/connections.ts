import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { bearerToken } from '../../access/bearer-token.ts'
import type { AppEnv } from '../app-env.ts'
import type { ApiPorts } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { listConnections } from '../verbs/list-connections.ts'
import { ConnectionView } from '../views.ts'
import { json, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { refusals } from './refusals.ts'

/** /connections */
export function connections(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const list = createRoute({
    method: 'get',
    path: '/connections',
    tags: ['Connections'],
    summary: 'How to reach the servers you may call',
    description:
      'URL, headers and snippets to paste, with your own token in them; with showPlaceholder=1 `{GANTRY_BEARER_TOKEN}` stands there instead.',
    ...signed,
    middleware: signedIn(ports, 'server:list'),
    request: { query: pageQuery.extend({ showPlaceholder: z.enum(['1', '0', 'true', 'false']).default('0') }) },
    responses: { 200: json('One page, by server', pageOf(ConnectionView), { items: [examples.connection] }), ...refusals() },
  })
  app.openapi(list, async (c) => {
    const { showPlaceholder, ...page } = c.req.valid('query')
    const hidden = showPlaceholder === '1' || showPlaceholder === 'true'
    const token = hidden ? undefined : bearerToken(c.req.header('authorization'))
    return c.json(await listConnections(ports, c.var.principal, { ...page, token }), 200)
  })
}
