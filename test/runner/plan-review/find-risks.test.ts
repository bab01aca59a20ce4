import { expect, test } from 'vitest'
import { findRisks } from '../../../runner/plan-review/find-risks.ts'
import type { ShownChange } from '../../../runner/plan-review/shown-plan.ts'
import { recordedPlan } from './sample-plan.ts'
import { planOf, shownChange } from './shown-change.ts'

const later = { first: false, platformSecurityGroups: [] }
const risks = (...changes: ShownChange[]) => findRisks(planOf(...changes), later)
const kinds = (...changes: ShownChange[]) => risks(...changes).map(({ kind, address }) => `${kind} ${address}`)

test('a log group that goes loses data', () => {
  expect(risks(shownChange('aws_cloudwatch_log_group', 'delete', { before: { name: '/a' } }))).toEqual([
    {
      kind: 'data-loss',
      address: 'aws_cloudwatch_log_group.x',
      message: 'It is deleted, and with it goes every log event in it.',
      details: ['/a'],
    },
  ])
})

test('a log group that Terraform only forgets loses nothing', () => {
  expect(risks(shownChange('aws_cloudwatch_log_group', 'delete', { before: { skip_destroy: true } }))).toEqual([])
})

test('a target group that comes before the old one goes is no downtime, the other way round it is', () => {
  const replaced = (actions: string[]) => kinds(shownChange('aws_lb_target_group', 'replace', { actions }))
  expect(replaced(['create', 'delete'])).toEqual([])
  expect(replaced(['delete', 'create'])).toEqual(['downtime aws_lb_target_group.x'])
})

test('a method of the API is downtime in either order', () => {
  const replaced = (actions: string[]) => kinds(shownChange('aws_api_gateway_method', 'replace', { actions }))
  expect([...replaced(['create', 'delete']), ...replaced(['delete', 'create'])]).toHaveLength(2)
})

test('a way in that goes is no downtime while another stays', () => {
  const rule = shownChange('aws_lb_listener_rule', 'delete')
  expect(kinds(rule, shownChange('aws_lb_listener', 'no-op'))).toEqual([])
  expect(kinds(rule)).toEqual(['downtime aws_lb_listener_rule.x'])
})

test('a stop is downtime', () => {
  expect(kinds(shownChange('aws_ecs_service', 'update', { before: { desired_count: 2 }, after: { desired_count: 0 } }))).toEqual([
    'downtime aws_ecs_service.x',
  ])
})

test('a deletion of the whole server says once that it is downtime', () => {
  const found = findRisks(recordedPlan('deletion'), later)
  expect(found.map(({ kind }) => kind)).toEqual(['data-loss', 'downtime'])
})

test('a first creation of a server as Gantry makes it has no risks', () => {
  expect(findRisks(recordedPlan('creation'), { first: true, platformSecurityGroups: [] })).toEqual([])
})

test('another role and another secret are a rebinding, said one by one', () => {
  const task = (task_role_arn: string, valueFrom: string) => ({
    task_role_arn,
    container_definitions: JSON.stringify([{ name: 'server', secrets: [{ name: 'TOKEN', valueFrom }] }]),
  })
  const [risk] = risks(shownChange('aws_ecs_task_definition', 'replace', { before: task('a', 'v1'), after: task('b', 'v2') }))
  expect(risk).toMatchObject({ kind: 'rebinding', details: ['task_role_arn: a → b', 'secret TOKEN of server: v1 → v2'] })
})

test('an attached managed policy and a boundary that goes widen', () => {
  const attached = shownChange('aws_iam_role_policy_attachment', 'create', { after: { policy_arn: 'arn:p' } })
  const role = shownChange('aws_iam_role', 'update', { before: { permissions_boundary: 'arn:b' }, after: {} })
  expect(risks(attached, role).map(({ details }) => details)).toEqual([
    ['now also has all that policy arn:p allows'],
    ['its permissions boundary changes from arn:b to none'],
  ])
})

test('a policy that another role gets is new to that role', () => {
  const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:a' }] })
  const [risk] = risks(shownChange('aws_iam_role_policy', 'replace', { before: { role: 'a', policy }, after: { role: 'b', policy } }))
  expect(risk?.details).toEqual(['now also allows s3:GetObject on arn:a'])
})

test('a policy that only the apply will tell counts as wider', () => {
  expect(
    kinds(shownChange('aws_iam_role_policy', 'update', { before: { policy: '{}' }, after: {}, after_unknown: { policy: true } })),
  ).toEqual(['iam-widening aws_iam_role_policy.x'])
})

test('the worst comes first', () => {
  const rule = shownChange('aws_iam_role_policy_attachment', 'create', { after: { policy_arn: 'arn:p' } })
  expect(kinds(rule, shownChange('aws_s3_bucket', 'delete'))).toEqual([
    'data-loss aws_s3_bucket.x',
    'iam-widening aws_iam_role_policy_attachment.x',
  ])
})
