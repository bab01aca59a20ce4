import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { driftOf } from '../../../runner/drift/drift-of.ts'
import { markWhatStays, type ShownPlan } from '../../../runner/drift/mark-what-stays.ts'
import { noise } from '../../../runner/drift/noise.ts'
import type { ShownRefresh } from '../../../runner/drift/shown-refresh.ts'
import { parseDefinition } from '../../../schema/parse-definition.ts'
import { pathsOf, refresh } from '../support/refresh.ts'

/** What the real Terraform said of real server stacks, cut to what differs. */
const recorded = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T
const tampered = recorded<{ refresh: ShownRefresh; plan: ShownPlan }>('refresh-tampered')

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
