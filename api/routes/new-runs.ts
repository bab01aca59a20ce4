import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { audited, note, noteOfRun } from '../audited.ts'
import { idempotent } from '../idempotent.ts'
import { parseBody } from '../parse-body.ts'
import type { ApiPorts } from '../ports.ts'
import { readBody } from '../read-body.ts'
import { checkServer, checkServers } from '../verbs/check-servers.ts'
import { planServer } from '../verbs/plan-server.ts'
import { retryRun } from '../verbs/retry-run.ts'
import { RunView } from '../views.ts'
import { idempotencyHeader, json, jsonBody, pageOf, pageQuery, signed } from './describe.ts'
import * as examples from './examples.ts'
import { ofBody, ofKey, ofServer, refusals } from './refusals.ts'

const NewRun = z.strictObject({ type: z.enum(['apply', 'plan', 'verify', 'drift']) })
const Skipped = z.array(z.strictObject({ serverId: z.string(), reason: z.string() }))
const start = { apply: retryRun, plan: planServer, verify: checkServer('verify'), drift: checkServer('drift') }

const checksOfAll = [
  { type: 'verify', summary: 'Verify all servers in service, a page at a time', description: '', reason: 'it is STOPPED' },
  {
    type: 'drift',
    summary: 'Look for drift in all settled servers, a page at a time',
    description: 'The platform does the same by itself every `review.driftEveryHours`.',
    reason: 'nothing was ever applied',
  },
] as const
const checking = (type: 'verify' | 'drift', reason: string) => ({
  items: [{ ...examples.queuedRun, type }],
  skipped: [{ serverId: 'other', reason }],
})

/** Runs that somebody asks for without a new revision. */
export function newRuns(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const common = { tags: ['Runs'], ...signed, middleware: audited(ports, 'run:create'), parameters: [idempotencyHeader] }

  const one = createRoute({
    method: 'post',
    path: '/servers/{id}/runs',
    summary: 'Apply the newest revision once more, plan it, verify what runs, or look for drift',
    description:
      '`apply`: after a failed run, or to undo what was changed by hand; takes settled servers without an open run. `plan`: says what an apply would do; nobody can apply that plan, and any number of them run side by side. `verify`: shakes hands with a server in service and tells, in an event, what its tools/list says otherwise than before; changes nothing else. `drift`: compares a settled server with what was last applied; what somebody changed past Gantry is then in `GET /servers/{id}`.',
    ...common,
    request: { params: z.object({ id: z.string() }), body: jsonBody(NewRun, { type: 'verify' }) },
    responses: {
      202: json('The run', z.strictObject({ run: RunView }), { run: { ...examples.queuedRun, type: 'verify' } }),
      ...refusals(...ofBody, ...ofKey, ...ofServer),
    },
  })
  app.openapi(one, async (c) => {
    const body = await readBody(c.req.raw)
    return idempotent(ports, c, body, async () => {
      const { type } = parseBody(NewRun, body)
      const { run, location } = await start[type](ports, c.var.principal, c.req.valid('param').id)
      note(c, noteOfRun(run))
      return { status: 202 as const, headers: { Location: location }, body: { run } }
    })
  })

  for (const { type, summary, description, reason } of checksOfAll) {
    const all = createRoute({
      method: 'post',
      path: `/${type}`,
      summary,
      description:
        `A ${type} run for each server of the page; those that cannot be asked now are told with the reason. ${description}`.trim(),
      ...common,
      request: { query: pageQuery },
      responses: { 202: json('The runs', pageOf(RunView).extend({ skipped: Skipped }), checking(type, reason)), ...refusals(...ofKey) },
    })
    app.openapi(all, (c) =>
      idempotent(ports, c, '', async () => ({
        status: 202 as const,
        headers: {},
        body: await checkServers(ports, c.var.principal, { type, ...c.req.valid('query') }),
      })),
    )
  }
}
