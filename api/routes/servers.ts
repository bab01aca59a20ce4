import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { Definition } from '../../schema/definition.ts'
import { isJsonObject } from '../../schema/json-object.ts'
import { serverId } from '../../schema/names.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { audited, note, noteOfRun } from '../audited.ts'
import { matchesEtag, serverEtag } from '../etag.ts'
import { idempotencyKey, idempotent } from '../idempotent.ts'
import type { ApiPorts } from '../ports.ts'
import { parseJson, readBody } from '../read-body.ts'
import { signedIn } from '../signed-in.ts'
import { LogLine } from '../stack-facts.ts'
import { createServer } from '../verbs/create-server.ts'
import { deleteServer } from '../verbs/delete-server.ts'
import { dryRun } from '../verbs/dry-run.ts'
import { getServer } from '../verbs/get-server.ts'
import { listServers } from '../verbs/list-servers.ts'
import { readLogs } from '../verbs/read-logs.ts'
import { RunView, ServerDetail, ServerView } from '../views.ts'
import { idempotencyHeader, json, jsonBody, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { ofBody, ofKey, ofServer, refusals } from './refusals.ts'

const params = z.object({ id: z.string() })
const Started = z.strictObject({ server: ServerView, run: RunView })
const isDryRun = (c: AppContext): boolean => c.req.query('dryRun') === 'true'
const DryRunView = z.strictObject({
  definition: z.record(z.string(), z.unknown()),
  terraform: z.record(z.string(), z.unknown()),
  resources: z.array(z.string()),
})

const tried = { definition: examples.definition, terraform: { 'cdk.tf.json': {} }, resources: ['aws_ecs_service.service'] }
const Lines = z.strictObject({ lines: z.array(LogLine), after: z.string() })
const line = { at: '2026-01-02T03:04:05.678Z', container: 'server', taskId: 'df2709921801c951fb54115db2acc1fc', message: 'listening' }

/** /servers */
export function servers(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const create = createRoute({
    method: 'post',
    path: '/servers',
    tags: ['Servers'],
    summary: 'Host a server',
    description: 'Starts a run that plans, applies and verifies it. With dryRun=true nothing is stored.',
    ...signed,
    middleware: audited(ports, 'server:create', isDryRun),
    request: { query: z.object({ dryRun: z.enum(['true', 'false']).default('false') }), body: jsonBody(Definition, examples.definition) },
    parameters: [idempotencyHeader],
    responses: {
      200: json('A dry run', DryRunView, tried),
      202: json('The server and its run', Started, { server: examples.creating, run: examples.queuedRun }),
      ...refusals(...ofBody, ...ofKey, 'INVALID_DEFINITION', 'NAME_TAKEN', 'CONFLICT', 'SYNTH_FAILED'),
    },
  })
  app.openapi(create, async (c) => {
    const body = await readBody(c.req.raw)
    if (c.req.valid('query').dryRun === 'true') {
      idempotencyKey(c)
      const tried: z.infer<typeof DryRunView> = await dryRun(ports, c.var.principal, parseJson(body))
      return c.json(tried, 200)
    }
    return idempotent(ports, c, body, async () => {
      const definition = parseJson(body)
      note(c, { serverId: wantedId(definition) })
      const { server, run, location } = await createServer(ports, c.var.principal, definition)
      note(c, noteOfRun(run))
      return { status: 202 as const, headers: { Location: location }, body: { server, run } }
    })
  })

  const list = createRoute({
    method: 'get',
    path: '/servers',
    tags: ['Servers'],
    summary: 'The servers you may see',
    ...signed,
    middleware: signedIn(ports, 'server:list'),
    request: { query: pageQuery },
    responses: { 200: json('One page, by id', pageOf(ServerView), { items: [examples.server] }), ...refusals() },
  })
  app.openapi(list, async (c) => c.json(await listServers(ports, c.var.principal, c.req.valid('query')), 200))

  const get = createRoute({
    method: 'get',
    path: '/servers/{id}',
    tags: ['Servers'],
    summary: 'One server: status, endpoint, tools, last run',
    ...signed,
    middleware: signedIn(ports),
    request: { params },
    responses: {
      200: json('The server', ServerDetail, examples.serverDetail),
      304: { description: 'Not changed' },
      ...refusals('NOT_FOUND'),
    },
  })
  app.openapi(get, async (c) => {
    const server = await getServer(ports, c.var.principal, c.req.valid('param').id)
    const etag = serverEtag(server)
    if (matchesEtag(c.req.header('if-none-match') ?? '', etag)) return c.body(null, 304, { ETag: etag })
    return c.json(server, 200, { ETag: etag })
  })

  const logs = createRoute({
    method: 'get',
    path: '/servers/{id}/logs',
    tags: ['Servers'],
    summary: "What a server's containers wrote",
    description: 'The newest lines, oldest first; with `after` of an earlier answer those since. Credentials of a known shape are covered.',
    ...signed,
    middleware: signedIn(ports, 'server:logs'),
    request: {
      params,
      query: z.object({ after: z.string().max(20_000).optional(), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    },
    responses: { 200: json('Lines', Lines, { lines: [line], after: 'MjdmYTZk' }), ...refusals('NOT_FOUND') },
  })
  app.openapi(logs, async (c) => c.json(await readLogs(ports, c.var.principal, c.req.valid('param').id, c.req.valid('query')), 200))

  const remove = createRoute({
    method: 'delete',
    path: '/servers/{id}',
    tags: ['Servers'],
    summary: 'Delete a server and everything that was made for it',
    description: 'Takes settled servers; one that was never applied is gone at once, and its waiting run SUPERSEDED.',
    ...signed,
    middleware: audited(ports, 'server:delete'),
    request: { params },
    responses: {
      202: json('The delete run', z.strictObject({ run: RunView }), { run: { ...examples.queuedRun, type: 'delete' } }),
      ...refusals(...ofServer),
    },
  })
  app.openapi(remove, async (c) => {
    const { run, location } = await deleteServer(ports, c.var.principal, c.req.valid('param').id)
    note(c, noteOfRun(run))
    return c.json({ run }, 202, { Location: location })
  })
}

/** The server that a create is about, also where it is refused. */
function wantedId(definition: unknown): string | undefined {
  const name = isJsonObject(definition) ? definition.name : undefined
  return typeof name === 'string' ? serverId(name).slice(0, 40) || undefined : undefined
}
