import type { ShownRun } from '../../../api/review/review-page.ts'
import type { PlanReview } from '../../../schema/plan-review.ts'
import type { Run } from '../../../schema/run.ts'
import type { Server } from '../../../schema/server.ts'
import { savedPlan } from '../hold.ts'

const at = '2026-11-21T10:00:00.000Z'
export const runId = '01JZ8Y6V9Q4N3M2K1H0G9F8E7D'

export const aRun = (changes: Partial<Run> = {}): Run => ({
  format: 1,
  id: runId,
  serverId: 'docs',
  serverUid: 'u1',
  revision: 2,
  type: 'apply',
  status: 'AWAITING_REVIEW',
  createdBy: 'key:0123',
  createdAt: at,
  updatedAt: at,
  eventCount: 3,
  plan: savedPlan(runId),
  hold: { reasons: ['aws_lb.alb is replaced'], until: '2026-11-28T10:00:00.000Z' },
  ...changes,
})

export const approvalOf = (by = 'github:ann'): NonNullable<Run['approval']> => ({
  by,
  at,
  via: 'github',
  plan: { ...savedPlan(runId), serverUid: 'u1', revision: 2, generation: 0 },
})

export const aServer = (changes: Partial<Server> = {}): Server => ({
  format: 1,
  id: 'docs',
  uid: 'u1',
  name: 'Docs',
  status: 'IN_SERVICE',
  revision: 2,
  groups: [],
  generation: 1,
  lastRunId: runId,
  endpoint: 'https://gantry.example.com/live/mcp/docs/mcp',
  tools: [{ name: 'read_docs' }],
  createdBy: 'key:0123',
  createdAt: at,
  updatedAt: at,
  ...changes,
})

export const aPlan = (changes: Partial<PlanReview> = {}): PlanReview => ({
  format: 1,
  runId,
  serverId: 'docs',
  serverName: 'Docs',
  revision: 2,
  type: 'apply',
  planSha256: 'b'.repeat(64),
  counts: { create: 1, update: 0, replace: 1, delete: 0, import: 0 },
  changes: [],
  risks: [{ kind: 'downtime', address: 'aws_lb.alb', message: 'the load balancer is replaced', details: [] }],
  cost: { before: 1, after: 2.5, lines: [], prices: { date: '2026-10-01', source: 'list' } },
  definition: [{ path: '/cpu', kind: 'changed', before: 256, after: 512 }],
  tools: ['read_docs'],
  policy: [],
  hold: { policy: 'destructive', reasons: ['aws_lb.alb is replaced'] },
  ...changes,
})

export const shownRun = (changes: Partial<ShownRun> = {}): ShownRun => ({
  run: aRun(),
  server: aServer(),
  plan: aPlan(),
  publicUrl: 'https://gantry.example.com/live',
  fourEyes: false,
  ...changes,
})
