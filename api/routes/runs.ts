import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { RunStatus } from '../../schema/run-status.ts'
import type { AppEnv } from '../app-env.ts'
import { acceptsEventStream, eventStream } from '../event-stream.ts'
import type { ApiPorts } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { followRun } from '../verbs/follow-run.ts'
import { showRun } from '../verbs/get-run.ts'
import { listRuns } from '../verbs/list-runs.ts'
import { readPlanText, readTerraformFiles } from '../verbs/read-artifacts.ts'
import { EventView, RunDetail, RunView } from '../views.ts'
import { json, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { refusals } from './refusals.ts'

const params = z.object({ id: z.string() })
const after = z.coerce.number().int().min(0).max(99_999_999)
const Progress = z
  .strictObject({ events: z.array(EventView), after: z.number().int(), status: RunStatus, ended: z.boolean() })
  .meta({ id: 'RunProgress' })
const Files = z.strictObject({ files: z.array(z.strictObject({ path: z.string(), content: z.string() })) })

/** /runs */
export function runs(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const common = { tags: ['Runs'], ...signed, middleware: signedIn(ports, 'run:read') }

  const list = createRoute({
    method: 'get',
    path: '/runs',
    summary: 'Runs, newest first',
    ...common,
    request: { query: pageQuery.extend({ serverId: z.string().max(100).optional() }) },
    responses: { 200: json('One page', pageOf(RunView), { items: [examples.run] }), ...refusals() },
  })
  app.openapi(list, async (c) => c.json(await listRuns(ports, c.var.principal, c.req.valid('query')), 200))

  const get = createRoute({
    method: 'get',
    path: '/runs/{id}',
    summary: 'One run',
    ...common,
    request: { params },
    responses: { 200: json('The run', RunDetail, examples.run), ...refusals('NOT_FOUND') },
  })
  app.openapi(get, async (c) => c.json(await showRun(ports, c.var.principal, c.req.valid('param').id), 200))

  const events = createRoute({
    method: 'get',
    path: '/runs/{id}/events',
    summary: "A run's timeline",
    description:
      'Waits up to `wait` seconds for an event after number `after`. With Accept: text/event-stream the same as server-sent events, where the edge streams.',
    ...common,
    request: { params, query: z.object({ after: after.default(0), wait: z.coerce.number().min(0).max(20).default(0) }) },
    responses: {
      200: json('What happened since', Progress, { events: [examples.event], after: 7, status: 'APPLYING', ended: false }),
      204: { description: 'A stream with nothing left to tell' },
      ...refusals('NOT_FOUND', 'NOT_ACCEPTABLE'),
    },
  })
  app.openapi(events, async (c) => {
    const { id } = c.req.valid('param')
    const query = c.req.valid('query')
    if (acceptsEventStream(c)) return eventStream(ports, c, id, query.after)
    const options = { after: query.after, waitSeconds: query.wait, signal: c.req.raw.signal }
    const progress = await followRun(ports, c.var.principal, id, options)
    if (query.wait > 0) await c.var.confirm()
    return c.json(progress, 200)
  })

  const plan = createRoute({
    method: 'get',
    path: '/runs/{id}/plan.txt',
    summary: 'The plan as Terraform prints it',
    ...common,
    request: { params },
    responses: {
      200: {
        description: 'The plan',
        content: { 'text/plain': { schema: z.string(), example: 'Plan: 11 to add, 0 to change, 0 to destroy.' } },
      },
      ...refusals('NOT_FOUND'),
    },
  })
  app.openapi(plan, async (c) => c.text(await readPlanText(ports, c.var.principal, c.req.valid('param').id), 200))

  const terraform = createRoute({
    method: 'get',
    path: '/runs/{id}/terraform',
    summary: 'The Terraform files that Gantry generated',
    ...common,
    request: { params },
    responses: { 200: json('The files', Files, { files: [{ path: 'cdk.tf.json', content: '{}' }] }), ...refusals('NOT_FOUND') },
  })
  app.openapi(terraform, async (c) => c.json({ files: await readTerraformFiles(ports, c.var.principal, c.req.valid('param').id) }, 200))
}
