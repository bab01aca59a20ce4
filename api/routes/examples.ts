import type * as z from 'zod'
import type { PlanReview } from '../../schema/plan-review.ts'
import type { AuditView, ConnectionView, EventView, KeyView, RevisionView, RunView, ServerDetail, ServerView } from '../views.ts'

const at = '2026-01-02T03:04:05.678Z'
const later = '2026-01-02T03:04:29.012Z'
const serverUid = '01jz8y6v9q4n2d7k3m5p8r0s1t'
const by = { createdBy: 'key:a1b2c3d4e5f6g7h8', createdAt: at }

export const definition = {
  name: 'Docs MCP',
  serverType: 'stdio' as const,
  startCommand: 'npx -y @modelcontextprotocol/server-everything@2026.8.31',
  environment: { LOG_LEVEL: 'info' },
  groups: ['docs'],
}

export const run: RunView = {
  id: '01JZ8Y6V9Q4N2D7K3M5P8R0S1V',
  serverId: 'docsmcp',
  serverUid,
  revision: 1,
  type: 'apply',
  status: 'SUCCEEDED',
  ...by,
  updatedAt: later,
  endedAt: later,
  eventCount: 28,
  plan: { planSha256: '5f'.repeat(32), contractSha256: '0c'.repeat(32), counts: { create: 11, update: 0, delete: 0, replace: 0 } },
}
export const queuedRun: RunView = {
  id: run.id,
  serverId: run.serverId,
  serverUid,
  revision: 1,
  type: 'apply',
  status: 'QUEUED',
  ...by,
  updatedAt: at,
  eventCount: 1,
}

export const server: ServerView = {
  id: 'docsmcp',
  uid: serverUid,
  name: definition.name,
  status: 'IN_SERVICE',
  revision: 1,
  appliedRevision: 1,
  appliedMode: 'shared',
  groups: ['group:docs'],
  lastRunId: run.id,
  endpoint: 'https://abc123.execute-api.eu-west-1.amazonaws.com/live/mcp/docsmcp/mcp',
  tools: [{ name: 'echo', description: 'Echoes back the input', inputSchema: { type: 'object' } }],
  ...by,
  updatedAt: later,
}
/** A log group's retention changed by hand, and a port opened that no definition knows of. */
const drift: ServerDetail['drift'] = {
  since: '2026-01-03T02:00:41.000Z',
  checkedAt: '2026-01-04T02:00:39.000Z',
  runId: '01JZB2Q8T5V0X3Z6C9F2H5K8N1',
  changes: [
    {
      address: 'aws_cloudwatch_log_group.logs_group_F4848128',
      type: 'aws_cloudwatch_log_group',
      action: 'update',
      path: 'retention_in_days',
      before: 30,
      after: 90,
    },
    {
      address: 'aws_security_group.security-group_9C194811',
      type: 'aws_security_group',
      action: 'update',
      path: 'ingress',
      after: [{ protocol: 'tcp', from_port: 22, to_port: 22, peer: '0.0.0.0/0' }],
      stays: true,
    },
  ],
  ignored: [
    {
      address: 'aws_ecs_service.service_E7C408F2',
      path: 'desired_count',
      reason: 'autoscaling sets it, between minCapacity and maxCapacity of its scalable target',
    },
  ],
  adopt: { logRetentionDays: 90 },
  reconcile: { method: 'POST', path: '/servers/docsmcp/runs', body: { type: 'apply' } },
}

export const creating: ServerView = {
  id: server.id,
  uid: serverUid,
  name: server.name,
  status: 'CREATING',
  revision: 1,
  groups: server.groups,
  lastRunId: run.id,
  ...by,
  updatedAt: at,
}

export const serverDetail: ServerDetail = {
  ...server,
  edge: { edge: 'alb', streams: true, callTimeoutSeconds: 900, notes: ['A stream ends after 15 minutes, or 5 minutes without a byte.'] },
  lastRun: run,
  platformOutdated: false,
  enabled: true,
  stack: {
    service: {
      status: 'ACTIVE',
      desired: 1,
      running: 1,
      pending: 0,
      deployments: [{ primary: true, rolloutState: 'COMPLETED' }],
      events: ['(service gantry-docsmcp) has reached a steady state.'],
    },
    targets: [{ target: '10.0.1.17:8080', state: 'healthy', description: '' }],
  },
  driftCheckedAt: '2026-01-04T02:00:39.000Z',
  drift,
  definition,
}

export const event: z.infer<typeof EventView> = {
  n: 7,
  at: later,
  writer: 'runner',
  type: 'resource.applied',
  message: 'create finished: aws_ecs_service.service',
  data: { resources: [{ address: 'aws_ecs_service.service', action: 'create', state: 'finished', seconds: 1 }] },
}

export const planReview: PlanReview = {
  format: 1,
  runId: run.id,
  serverId: server.id,
  serverName: server.name,
  revision: 2,
  type: 'apply',
  planSha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  counts: { create: 0, update: 1, replace: 0, delete: 0, import: 0 },
  changes: [
    {
      address: 'aws_iam_role_policy.task',
      type: 'aws_iam_role_policy',
      action: 'update',
      attributes: [{ path: 'policy.Statement[0].Action', before: 's3:GetObject', after: 's3:*' }],
    },
  ],
  risks: [
    {
      kind: 'iam-widening',
      address: 'aws_iam_role_policy.task',
      message: 'aws_iam_role_policy.task allows more than before',
      details: ['s3:* on arn:aws:s3:::docs/*'],
    },
  ],
  cost: { before: 9.01, after: 9.01, lines: [], prices: { date: '2026-11-01', source: 'the public price list of us-east-1' } },
  definition: [{ path: '/taskPolicy', kind: 'changed', before: [], after: [] }],
  policy: [],
  hold: { policy: 'destructive', reasons: ['aws_iam_role_policy.task allows more than before'] },
}

export const revision: RevisionView = { serverId: server.id, serverUid, number: 1, definition, enabled: true, ...by }

export const key: KeyView = { id: 'a1b2c3d4e5f6g7h8', description: 'CI of the docs team', admin: false, groups: ['group:docs'], ...by }

export const connection: ConnectionView = {
  serverId: server.id,
  name: server.name,
  status: 'IN_SERVICE',
  transport: 'streamable-http',
  url: server.endpoint as string,
  headers: { Authorization: 'Bearer {GANTRY_BEARER_TOKEN}' },
  snippets: {
    claudeDesktop: '{ "mcpServers": { "docsmcp": … } }',
    claudeCode: 'claude mcp add --transport http docsmcp …',
    vscode: '{ "servers": { "docsmcp": … } }',
    cursor: '{ "mcpServers": { "docsmcp": … } }',
    curl: 'curl -sS -X POST …',
  },
}

export const auditEntry: AuditView = {
  id: '01JZ8Y6V9Q4N2D7K3M5P8R0S1W',
  at,
  action: 'server:create',
  outcome: 'done',
  actor: by.createdBy,
  serverId: server.id,
  serverUid,
  revision: 1,
  runId: run.id,
  method: 'POST',
  path: '/servers',
  sourceIp: '203.0.113.7',
  requestId: '01JZ8Y6V9Q4N2D7K3M5P8R0S1X',
}
