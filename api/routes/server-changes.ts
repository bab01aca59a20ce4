import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { Definition } from '../../schema/definition.ts'
import type { AppContext, AppEnv } from '../app-env.ts'
import { audited, note, noteOfRun } from '../audited.ts'
import { idempotent } from '../idempotent.ts'
import { parseBody } from '../parse-body.ts'
import type { ApiPorts } from '../ports.ts'
import { mergePatchType, parseJson, readBody } from '../read-body.ts'
import type { Revised } from '../verbs/revise-server.ts'
import { rollBack } from '../verbs/roll-back.ts'
import { patchServer, putServer } from '../verbs/update-server.ts'
import { RunView, ServerView } from '../views.ts'
import { idempotencyHeader, ifMatchHeader, json, jsonBody, mergePatchBody, signed } from './describe.ts'
import * as examples from './examples.ts'
import { ofBody, ofKey, ofServer, refusals } from './refusals.ts'

const params = z.object({ id: z.string() })
const Started = z.strictObject({ server: ServerView, run: RunView })
const Update = Definition.safeExtend({ enabled: z.boolean().optional() })
const example = { server: { ...examples.server, revision: 2 }, run: { ...examples.queuedRun, revision: 2 } }
const Rollback = z.strictObject({ revision: z.number().int().min(1).max(99_999) })
const takes = 'Takes settled servers, and those whose run still waits: that one is SUPERSEDED.'

/** What makes a new revision of a server. */
export function serverChanges(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const revises = { tags: ['Servers'], ...signed, middleware: audited(ports, 'server:update') }

  const patch = createRoute({
    method: 'patch',
    path: '/servers/{id}',
    summary: 'Change some fields, start or stop',
    description: `A JSON Merge Patch over the newest definition: null removes. \`enabled\` beside the fields stops (no task runs, the scaling is remembered) and starts. ${takes}`,
    ...revises,
    request: { params, body: mergePatchBody(Update, { environment: { LOG_LEVEL: 'debug' } }) },
    parameters: [ifMatchHeader],
    responses: {
      202: json('The server and its run', Started, example),
      ...refusals(...ofBody, ...ofServer, 'INVALID_DEFINITION', 'PRECONDITION_FAILED'),
    },
  })
  app.openapi(patch, async (c) => {
    const body = parseJson(await readBody(c.req.raw, mergePatchType))
    const revised = await patchServer(ports, c.var.principal, c.req.valid('param').id, body, c.req.header('if-match'))
    return c.json(started(c, revised), 202, headersOf(revised))
  })

  const put = createRoute({
    method: 'put',
    path: '/servers/{id}',
    summary: 'Replace the definition',
    description: `The whole definition; without \`enabled\` what is stopped stays stopped. ${takes}`,
    ...revises,
    request: { params, body: jsonBody(Update, { ...examples.definition, cpu: 512, memoryLimitMiB: 1024 }) },
    parameters: [ifMatchHeader],
    responses: {
      202: json('The server and its run', Started, example),
      ...refusals(...ofBody, ...ofServer, 'INVALID_DEFINITION', 'PRECONDITION_FAILED'),
    },
  })
  app.openapi(put, async (c) => {
    const body = parseJson(await readBody(c.req.raw))
    const revised = await putServer(ports, c.var.principal, c.req.valid('param').id, body, c.req.header('if-match'))
    return c.json(started(c, revised), 202, headersOf(revised))
  })

  const rollback = createRoute({
    method: 'post',
    path: '/servers/{id}/rollback',
    summary: 'Go back to an earlier definition',
    description: `A new revision with the definition of an earlier one, reviewed like any other; what is stopped stays stopped. ${takes}`,
    ...revises,
    request: { params, body: jsonBody(Rollback, { revision: 1 }) },
    parameters: [idempotencyHeader, ifMatchHeader],
    responses: {
      202: json('The server and its run', Started, example),
      ...refusals(...ofBody, ...ofKey, ...ofServer, 'INVALID_DEFINITION', 'PRECONDITION_FAILED'),
    },
  })
  app.openapi(rollback, async (c) => {
    const body = await readBody(c.req.raw)
    return idempotent(ports, c, body, async () => {
      const { revision } = parseBody(Rollback, body)
      const revised = await rollBack(ports, c.var.principal, c.req.valid('param').id, revision, c.req.header('if-match'))
      return { status: 202 as const, headers: headersOf(revised), body: started(c, revised) }
    })
  })
}

function started(c: AppContext, { server, run }: Revised): z.infer<typeof Started> {
  note(c, noteOfRun(run))
  return { server, run }
}

const headersOf = ({ location, etag }: Revised) => ({ Location: location, ETag: etag })
