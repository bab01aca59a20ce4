import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { actions } from '../../access/decide.ts'
import { AuditOutcome } from '../../schema/audit.ts'
import type { AppEnv } from '../app-env.ts'
import type { ApiPorts } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { listAudit } from '../verbs/list-audit.ts'
import { AuditView } from '../views.ts'
import { json, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { refusals } from './refusals.ts'

const time = z.iso.datetime({ offset: true }).optional()

/** /audit */
export function audit(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const list = createRoute({
    method: 'get',
    path: '/audit',
    tags: ['Audit'],
    summary: 'Who changed what, or tried to; newest first',
    description:
      'Every call that changes something, refused ones included. A page may be short, or empty, where much is filtered out: go on while there is a cursor.',
    ...signed,
    middleware: signedIn(ports, 'audit:read'),
    request: {
      query: pageQuery.extend({
        serverId: z.string().max(100).optional(),
        actor: z.string().max(200).optional(),
        action: z.enum(actions).optional(),
        outcome: AuditOutcome.optional(),
        from: time,
        to: time,
      }),
    },
    responses: { 200: json('One page', pageOf(AuditView), { items: [examples.auditEntry] }), ...refusals() },
  })
  app.openapi(list, async (c) => c.json(await listAudit(ports, c.var.principal, c.req.valid('query')), 200))
}
