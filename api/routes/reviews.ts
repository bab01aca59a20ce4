import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PlanReview } from '../../schema/plan-review.ts'
import type { AppEnv } from '../app-env.ts'
import { audited, note, noteOfRun } from '../audited.ts'
import { idempotent } from '../idempotent.ts'
import { parseBody } from '../parse-body.ts'
import type { ApiPorts } from '../ports.ts'
import { readBody } from '../read-body.ts'
import { signedIn } from '../signed-in.ts'
import { cancelRun } from '../verbs/cancel-run.ts'
import { readPlan, readPlanMarkdown } from '../verbs/read-artifacts.ts'
import { approveRun, discardRun } from '../verbs/review-run.ts'
import { RunView } from '../views.ts'
import { idempotencyHeader, json, jsonBody, signed } from './describe.ts'
import * as examples from './examples.ts'
import { ofBody, ofKey, ofServer, refusals } from './refusals.ts'

const params = z.object({ id: z.string() })
const Approve = z.strictObject({
  /** The plan that was read; another one is refused. */
  planSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
const Decided = z.strictObject({ run: RunView })

/** What a plan says, the decision on it, and the end of what is under way. */
export function reviews(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const reading = { tags: ['Reviews'], ...signed, middleware: signedIn(ports, 'run:read'), request: { params } }
  const deciding = { tags: ['Reviews'], ...signed, middleware: audited(ports, 'run:review'), parameters: [idempotencyHeader] }

  const plan = createRoute({
    method: 'get',
    path: '/runs/{id}/plan',
    summary: 'The plan as people review it',
    description:
      'Counts, every resource with its attributes old and new, what is replaced and why, risks, cost a month, the difference of the definition, findings of the policies. Sensitive values are masked.',
    ...reading,
    responses: { 200: json('The plan', PlanReview.meta({ id: 'PlanReview' }), examples.planReview), ...refusals('NOT_FOUND') },
  })
  app.openapi(plan, async (c) => c.json(await readPlan(ports, c.var.principal, c.req.valid('param').id), 200))

  const markdown = createRoute({
    method: 'get',
    path: '/runs/{id}/plan.md',
    summary: 'The same as Markdown',
    ...reading,
    responses: {
      200: { description: 'The plan', content: { 'text/markdown': { schema: z.string(), example: '# Docs MCP: 1 to update' } } },
      ...refusals('NOT_FOUND'),
    },
  })
  app.openapi(markdown, async (c) => {
    const text = await readPlanMarkdown(ports, c.var.principal, c.req.valid('param').id)
    return c.body(text, 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
  })

  const approve = createRoute({
    method: 'post',
    path: '/runs/{id}/approve',
    summary: 'Approve the plan that a run waits with',
    description:
      'Exactly that plan is applied, or nothing: it is refused where the plan, its lock file, the state, the server or the platform changed since. Where the platform asks for four eyes, the proposer cannot approve.',
    ...deciding,
    request: { params, body: { ...jsonBody(Approve, { planSha256: examples.planReview.planSha256 }), required: false } },
    responses: { 202: json('The approved run', Decided, { run: examples.run }), ...refusals(...ofBody, ...ofKey, ...ofServer) },
  })
  app.openapi(approve, async (c) => {
    const body = isBare(c.req.raw) ? '{}' : await readBody(c.req.raw)
    return idempotent(ports, c, body, async () => {
      const { planSha256 } = parseBody(Approve, body)
      const run = await approveRun(ports, c.var.principal, { runId: c.req.valid('param').id, planSha256 })
      note(c, noteOfRun(run))
      return { status: 202 as const, headers: {}, body: { run } }
    })
  })

  const discard = createRoute({
    method: 'post',
    path: '/runs/{id}/discard',
    summary: 'Discard the plan that a run waits with',
    description: 'Nothing is applied. A server that was never applied goes with it; any other keeps the revision it has.',
    ...deciding,
    request: { params },
    responses: { 200: json('The discarded run', Decided, { run: examples.run }), ...refusals(...ofKey, ...ofServer) },
  })
  app.openapi(discard, (c) =>
    idempotent(ports, c, '', async () => {
      const run = await discardRun(ports, c.var.principal, c.req.valid('param').id)
      note(c, noteOfRun(run))
      return { status: 200 as const, headers: {}, body: { run } }
    }),
  )
  cancelling(app, ports)
}

/** Ends what a build works on; what waits is discarded. */
function cancelling(app: OpenAPIHono<AppEnv>, ports: ApiPorts): void {
  const cancel = createRoute({
    method: 'post',
    path: '/runs/{id}/cancel',
    tags: ['Runs'],
    summary: 'Cancel a run that is worked on',
    description:
      'A run that no build has taken ends at once. A build stops within seconds: Terraform is interrupted once, saves its state and frees its lock; what it had applied by then stays, and the server is FAILED until its next run.',
    ...signed,
    middleware: audited(ports, 'run:cancel'),
    parameters: [idempotencyHeader],
    request: { params },
    responses: { 202: json('The run', Decided, { run: examples.run }), ...refusals(...ofKey, ...ofServer) },
  })
  app.openapi(cancel, (c) =>
    idempotent(ports, c, '', async () => {
      const run = await cancelRun(ports, c.var.principal, c.req.valid('param').id)
      note(c, noteOfRun(run))
      return { status: 202 as const, headers: {}, body: { run } }
    }),
  )
}

/** Nothing was sent with it, as by `curl -X POST`. */
const isBare = ({ headers }: Request): boolean => !headers.has('content-type') && (headers.get('content-length') ?? '0') === '0'
