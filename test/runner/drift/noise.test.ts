import { describe, expect, test } from 'vitest'
import { type Drift, driftOf } from '../../../runner/drift/drift-of.ts'
import { pathsOf, refresh } from '../support/refresh.ts'

const onlyNoise = (drift: Drift) => {
  expect(pathsOf(drift)).toEqual([])
  return [...new Set(drift.ignored.map(({ reason }) => reason))]
}

describe('noise', () => {
  const target = (min: number, max: number) => ({
    address: 'aws_appautoscaling_target.t',
    type: 'aws_appautoscaling_target',
    values: { min_capacity: min, max_capacity: max },
  })
  const count = (after: number, others: object[]) =>
    driftOf(refresh('aws_ecs_service', { desired_count: 1 }, { desired_count: after }, { others }))

  test('is the number of tasks that autoscaling chose', () => {
    expect(onlyNoise(count(3, [target(1, 3)]))).toEqual([expect.stringContaining('autoscaling sets it')])
  })

  test.each([
    ['there is no scalable target', 2, []],
    ['it is outside of the bounds', 9, [target(1, 3)]],
    ['somebody stopped every task', 0, [target(1, 3)]],
  ])('is not the number of tasks where %s', (_, after, others) => {
    expect(pathsOf(count(after, others))).toEqual(['aws_ecs_service desired_count'])
  })

  test.each([null, '', [], {}])('is nothing that became %j', (after) => {
    onlyNoise(driftOf(refresh('aws_x', { a: null, b: '', c: [], d: {} }, { a: after, b: after, c: after, d: after })))
  })

  test.each([false, 0, 'x', [1]])('is not nothing that became %j', (after) => {
    expect(pathsOf(driftOf(refresh('aws_x', { a: null }, { a: after })))).toEqual(['aws_x a'])
  })

  test('is not a policy with another action', () => {
    const policy = (action: unknown) => ({ policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }) })
    onlyNoise(driftOf(refresh('aws_iam_role_policy', policy('s3:*'), policy(['s3:*']))))
    onlyNoise(driftOf(refresh('aws_iam_role_policy', policy(['a:B', 'a:C']), policy(['a:C', 'a:B']))))
    expect(pathsOf(driftOf(refresh('aws_iam_role_policy', policy('s3:Get*'), policy(['s3:*']))))).toEqual(['aws_iam_role_policy policy'])
  })

  test('is not another order of words in a command', () => {
    const containers = (command: string[]) => ({ container_definitions: JSON.stringify([{ name: 'server', command }]) })
    const drift = driftOf(refresh('aws_ecs_task_definition', containers(['a', 'b']), containers(['b', 'a'])))
    expect(pathsOf(drift)).toEqual(['aws_ecs_task_definition container_definitions'])
  })

  test('is a tag that tags_all shows too, and not one that it alone shows', () => {
    const drift = driftOf(refresh('aws_x', { tags: null, tags_all: { a: '1' } }, { tags: { a: '2' }, tags_all: { a: '2' } }))
    expect(pathsOf(drift)).toEqual(['aws_x tags_all.a'])
    expect(pathsOf(driftOf(refresh('aws_x', { tags: {} }, { tags: { a: '2' } })))).toEqual(['aws_x tags.a'])
  })

  test.each([
    ['aws_lb_target_group', { load_balancer_arns: [] }, { load_balancer_arns: ['arn'] }],
    ['aws_appautoscaling_policy', { alarm_arns: ['a'] }, { alarm_arns: ['b'] }],
  ])('is what AWS writes into %s', (type, before, after) => {
    expect(onlyNoise(driftOf(refresh(type, before, after)))).toHaveLength(1)
  })

  const ingress = (more: object) => ({
    protocol: 'tcp',
    from_port: 8080,
    to_port: 8081,
    cidr_blocks: [],
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
    self: false,
    ...more,
  })
  const group = (rules: object[]) => ({
    address: 'aws_security_group.g',
    type: 'aws_security_group',
    values: { id: 'sg-1', ingress: rules, egress: [] },
  })
  const ruleResource = (values: object) => ({
    address: 'aws_vpc_security_group_ingress_rule.r',
    type: 'aws_vpc_security_group_ingress_rule',
    values: { security_group_id: 'sg-1', ip_protocol: 'tcp', from_port: 8080, to_port: 8081, ...values },
  })
  const found = (...others: object[]) => driftOf({ ...refresh('aws_x', {}, {}, { others }), resource_drift: [] })

  test.each([
    [{ security_groups: ['sg-2'] }, [{ referenced_security_group_id: '123456789012/sg-2' }]],
    [{ self: true }, [{ referenced_security_group_id: 'sg-1' }]],
    [{ cidr_blocks: ['10.0.0.0/8', '10.1.0.0/16'] }, [{ cidr_ipv4: '10.0.0.0/8' }, { cidr_ipv4: '10.1.0.0/16' }]],
    [{ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['::/0'] }, [{ ip_protocol: '-1', from_port: null, cidr_ipv6: '::/0' }]],
  ])('is a rule of a security group that is a resource of its own: %j', (entry, rules) => {
    expect(pathsOf(found(group([ingress(entry)]), ...rules.map(ruleResource)))).toEqual([])
  })

  test.each([
    ['another peer', { cidr_ipv4: '10.0.0.0/8' }],
    ['another port', { cidr_ipv4: '0.0.0.0/0', from_port: 1 }],
    ['another group', { cidr_ipv4: '0.0.0.0/0', security_group_id: 'sg-9' }],
  ])('is not a rule that only resembles the resource: %s', (_, values) => {
    expect(pathsOf(found(group([ingress({ cidr_blocks: ['0.0.0.0/0'] })]), ruleResource(values)))).toEqual(['aws_security_group ingress'])
  })

  test('is not a policy that was attached to a role, also where the state knows of it', () => {
    const role = {
      address: 'aws_iam_role.r',
      type: 'aws_iam_role',
      values: { name: 'r', managed_policy_arns: ['arn:admin'], inline_policy: [] },
    }
    expect(pathsOf(found(role))).toEqual(['aws_iam_role managed_policy_arns'])
  })
})
