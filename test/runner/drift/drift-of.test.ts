import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Drift, driftOf } from '../../../runner/drift/drift-of.ts'
import { markWhatStays, type ShownPlan } from '../../../runner/drift/mark-what-stays.ts'
import { noise } from '../../../runner/drift/noise.ts'
import type { ShownRefresh } from '../../../runner/drift/shown-refresh.ts'
import { parseDefinition } from '../../../schema/parse-definition.ts'

/** What the real Terraform said of real server stacks, cut to what differs. */
const recorded = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T
const tampered = recorded<{ refresh: ShownRefresh; plan: ShownPlan }>('refresh-tampered')

const refresh = (
  type: string,
  before: Record<string, unknown>,
  after: Record<string, unknown> | null,
  { others = [], sensitive = {} }: { others?: object[]; sensitive?: object } = {},
): ShownRefresh =>
  ({
    resource_drift: [
      {
        address: `${type}.x`,
        mode: 'managed',
        type,
        change: { actions: [after ? 'update' : 'delete'], before, after, before_sensitive: sensitive, after_sensitive: sensitive },
      },
    ],
    prior_state: { values: { root_module: { resources: others.map((other) => ({ mode: 'managed', ...other })) } } },
  }) as unknown as ShownRefresh

const pathsOf = ({ drifted }: Drift) => drifted.map(({ change }) => `${change.type} ${change.path ?? change.action}`)
const onlyNoise = (drift: Drift) => {
  expect(pathsOf(drift)).toEqual([])
  return [...new Set(drift.ignored.map(({ reason }) => reason))]
}

describe('of a server that nobody touched', () => {
  test('nothing has drifted, and each difference is listed with its reason', () => {
    const drift = driftOf(recorded<ShownRefresh>('refresh-untouched'))
    expect(pathsOf(drift)).toEqual([])
    expect(drift.ignored.length).toBeGreaterThanOrEqual(50)
    expect(drift.ignored.every(({ reason }) => noise.some((entry) => entry.reason === reason))).toBe(true)
  })
})

describe('of a server that somebody changed', () => {
  const drift = driftOf(tampered.refresh)

  test('it is all there, attribute by attribute', () => {
    expect(pathsOf(drift).sort()).toEqual([
      'aws_appautoscaling_target max_capacity',
      'aws_cloudwatch_log_group retention_in_days',
      'aws_cloudwatch_log_group tags_all.extra',
      'aws_cloudwatch_log_group tags_all.team',
      'aws_iam_role inline_policy',
      'aws_lb_target_group health_check[0].interval',
      'aws_lb_target_group health_check[0].path',
      'aws_lb_target_group load_balancing_algorithm_type',
      'aws_lb_target_group slow_start',
      'aws_lb_target_group stickiness[0].enabled',
      'aws_security_group ingress',
    ])
  })

  test('a change has both values', () => {
    const found = drift.drifted.find(({ change }) => change.path === 'retention_in_days')
    expect(found?.change).toMatchObject({ action: 'update', before: 30, after: 90 })
  })

  test('a rule and a policy that no resource explains are shown alone', () => {
    const foundAt = (path: string) => drift.drifted.find(({ change }) => change.path === path)?.change.after
    expect(foundAt('ingress')).toEqual([{ protocol: 'tcp', from_port: 22, to_port: 22, peer: '0.0.0.0/0' }])
    expect(foundAt('inline_policy')).toEqual([
      { name: 'extra', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
    ])
  })

  test('what an apply would leave as it is says so', () => {
    const stay = markWhatStays(drift.drifted, tampered.plan).filter(({ change }) => change.stays)
    expect(stay.map(({ change }) => change.path).sort()).toEqual(['ingress', 'inline_policy', 'load_balancing_algorithm_type'])
  })

  test('a credential is nowhere in it', () => {
    expect(JSON.stringify(tampered)).toContain('AKIACANARY')
    expect(JSON.stringify({ ...drift, drifted: drift.drifted.map(({ change }) => change) })).not.toContain('AKIACANARY')
  })
})

test('what is gone is drift, and what it explained is so no more', () => {
  expect(pathsOf(driftOf(recorded<ShownRefresh>('refresh-deleted')))).toEqual(
    expect.arrayContaining([
      'aws_appautoscaling_target delete',
      'aws_vpc_security_group_ingress_rule delete',
      'aws_ecs_service desired_count',
    ]),
  )
})

describe('masking', () => {
  test.each([
    ['a whole attribute', { value: true }, { value: 'canary-before' }, { value: 'canary-after' }],
    ['one element of a list', { list: [{ password: true }] }, { list: [{ password: 'canary-1' }] }, { list: [{ password: 'canary-2' }] }],
    ['a list of another length', { list: [{ password: true }] }, { list: [] }, { list: [{ password: 'canary' }] }],
    ['a map that came anew', { map: { token: true } }, { map: null }, { map: { token: 'canary' } }],
  ])('%s that is sensitive loses its values', (_, sensitive, before, after) => {
    const { drifted } = driftOf(refresh('aws_x', before, after, { sensitive }))
    expect(drifted.map(({ change }) => change.masked)).toEqual([true])
    expect(JSON.stringify(drifted.map(({ change }) => change))).not.toContain('canary')
  })

  test('a credential in the name of a tag is covered in the path', () => {
    const tags = { AKIACANARYCANARY1234: 'x' }
    const { drifted, ignored } = driftOf(refresh('aws_x', { tags: {}, tags_all: {} }, { tags, tags_all: tags }))
    expect([drifted[0]?.change.path, ignored[0]?.path]).toEqual(['tags_all.(credential)', 'tags.(credential)'])
  })

  test('no sensitive value is ever shown, whatever the attributes are', () => {
    const attributes = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.jsonValue())
    fc.assert(
      fc.property(attributes, attributes, fc.array(fc.jsonValue(), { maxLength: 2 }), (before, after, wrapped) => {
        const value = { secret: [...wrapped, { canary: 'c4n4ry' }] }
        const marks = { secret: [...wrapped.map(() => false), { canary: true }] }
        const { drifted } = driftOf(refresh('aws_x', before, { ...after, ...value }, { sensitive: marks }))
        expect(JSON.stringify(drifted.map(({ change }) => change))).not.toContain('c4n4ry')
      }),
    )
  })
})

describe('what is the same', () => {
  test('is no drift and no difference', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (attributes) => {
        const copy = JSON.parse(JSON.stringify(attributes))
        expect(driftOf(refresh('aws_x', copy, JSON.parse(JSON.stringify(copy))))).toEqual({ drifted: [], ignored: [] })
      }),
    )
  })

  test('as JSON stays so in another order of its names and with other white space', () => {
    const reordered = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reordered)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, inner]) => [name, reordered(inner)]),
      )
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const before = JSON.stringify(value)
        const after = JSON.stringify(reordered(JSON.parse(before)), null, 2)
        expect(pathsOf(driftOf(refresh('aws_x', { policy: before }, { policy: after })))).toEqual([])
      }),
    )
  })
})

test('what the applied definition says is no drift, and what it does not say is', () => {
  const parsed = parseDefinition({ name: 'docs', serverType: 'stdio', startCommand: 'node x', logRetentionDays: 90, tags: { team: 'a' } })
  if (!parsed.ok) throw new Error('expected a definition')
  const adopted = (days: number, tags: object) =>
    pathsOf(
      driftOf(
        refresh(
          'aws_cloudwatch_log_group',
          { retention_in_days: 30, tags_all: { gone: 'x' } },
          { retention_in_days: days, tags_all: tags },
        ),
        parsed.definition,
      ),
    )
  expect(adopted(90, { team: 'a' })).toEqual([])
  expect(adopted(60, { team: 'b' })).toEqual(['aws_cloudwatch_log_group retention_in_days', 'aws_cloudwatch_log_group tags_all.team'])
})

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
