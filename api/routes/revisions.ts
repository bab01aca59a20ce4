import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { Difference } from '../../schema/diff-values.ts'
import type { AppEnv } from '../app-env.ts'
import type { ApiPorts } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { diffRevisions, getRevision, listRevisions } from '../verbs/get-revision.ts'
import { RevisionView } from '../views.ts'
import { json, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { refusals } from './refusals.ts'

const params = z.object({ id: z.string() })
const number = z.coerce.number().int().min(1).max(99_999)
const Diff = z.strictObject({ from: z.number().int(), to: z.number().int(), differences: z.array(Difference) }).meta({ id: 'RevisionDiff' })

const changed = {
  from: 1,
  to: 2,
  differences: [{ path: '/environment/LOG_LEVEL', kind: 'changed' as const, before: 'info', after: 'debug' }],
}

/** /servers/{id}/revisions */
export function revisions(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const common = { tags: ['Revisions'], ...signed, middleware: signedIn(ports, 'revision:read') }

  const list = createRoute({
    method: 'get',
    path: '/servers/{id}/revisions',
    summary: 'Revisions of a server, newest first',
    ...common,
    request: { params, query: pageQuery },
    responses: { 200: json('One page', pageOf(RevisionView), { items: [examples.revision] }), ...refusals('NOT_FOUND') },
  })
  app.openapi(list, async (c) => c.json(await listRevisions(ports, c.var.principal, c.req.valid('param').id, c.req.valid('query')), 200))

  const get = createRoute({
    method: 'get',
    path: '/servers/{id}/revisions/{n}',
    summary: 'One revision',
    ...common,
    request: { params: params.extend({ n: number }) },
    responses: { 200: json('The revision', RevisionView, examples.revision), ...refusals('NOT_FOUND') },
  })
  app.openapi(get, async (c) => {
    const { id, n } = c.req.valid('param')
    return c.json(await getRevision(ports, c.var.principal, id, n), 200)
  })

  const diff = createRoute({
    method: 'get',
    path: '/servers/{id}/revisions/{n}/diff',
    summary: 'What differs between two revisions',
    description: 'From revision n to revision `to`, by default the newest. Paths are JSON pointers; a list is one value.',
    ...common,
    request: { params: params.extend({ n: number }), query: z.object({ to: number.optional() }) },
    responses: { 200: json('The differences', Diff, changed), ...refusals('NOT_FOUND') },
  })
  app.openapi(diff, async (c) => {
    const { id, n } = c.req.valid('param')
    return c.json(await diffRevisions(ports, c.var.principal, id, { from: n, to: c.req.valid('query').to }), 200)
  })
}
