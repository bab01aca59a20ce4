import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergePatch } from '../../../api/merge-patch.ts'
import { adoptPatch } from '../../../runner/drift/adopt-patch.ts'
import { adoptable } from '../../../runner/drift/adoptable.ts'
import type { Drifted } from '../../../runner/drift/drift-of.ts'
import type { Definition } from '../../../schema/definition.ts'
import { parseDefinition } from '../../../schema/parse-definition.ts'

const parse = (value: unknown): Definition => {
  const parsed = parseDefinition(value)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.definition
}
const definition = parse({ name: 'docs', serverType: 'stdio', startCommand: 'node x', tags: { team: 'docs', gone: 'x' } })

const segmentsOf = (path: string) => path.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : /^\d+$/.test(part) ? Number(part) : part))
const found = (type: string, path: string, after: unknown, more: object = {}): Drifted => ({
  change: { address: `${type}.x`, type, action: 'update', path, ...more },
  segments: segmentsOf(path),
  after,
})
const adopt = (...drifted: Drifted[]) => adoptPatch(drifted, definition)

describe('what was found becomes a merge patch of the definition', () => {
  test.each([
    ['aws_cloudwatch_log_group', 'retention_in_days', 90, { logRetentionDays: 90 }],
    ['aws_appautoscaling_target', 'max_capacity', 7, { autoScalingConfig: { maxCapacity: 7 } }],
    [
      'aws_appautoscaling_policy',
      'target_tracking_scaling_policy_configuration[0].target_value',
      70,
      { autoScalingConfig: { targetValue: 70 } },
    ],
    ['aws_lb', 'idle_timeout', 120, { idleTimeoutSeconds: 120 }],
    ['aws_lb_target_group', 'stickiness[0].enabled', true, { stickiness: true }],
    ['aws_lb_target_group', 'health_check[0].path', '/up', { loadBalancerConfig: { healthCheckConfig: { path: '/up' } } }],
    ['aws_lb_target_group', 'health_check[0].interval', 20, { loadBalancerConfig: { healthCheckConfig: { interval: 20 } } }],
    ['aws_lb_target_group', 'health_check[0].timeout', 4, { loadBalancerConfig: { healthCheckConfig: { timeout: 4 } } }],
    [
      'aws_lb_target_group',
      'health_check[0].healthy_threshold',
      4,
      { loadBalancerConfig: { healthCheckConfig: { healthyThresholdCount: 4 } } },
    ],
    [
      'aws_lb_target_group',
      'health_check[0].unhealthy_threshold',
      4,
      { loadBalancerConfig: { healthCheckConfig: { unhealthyThresholdCount: 4 } } },
    ],
    ['aws_ecs_service', 'tags_all.team', 'others', { tags: { team: 'others' } }],
    ['aws_ecs_service', 'tags_all.gone', undefined, { tags: { gone: null } }],
  ])('%s %s', (type, path, after, patch) => {
    expect(adopt(found(type, path, after))).toEqual(patch)
  })

  test('both bounds at once, where one alone would contradict the other', () => {
    const both = adopt(found('aws_appautoscaling_target', 'min_capacity', 5), found('aws_appautoscaling_target', 'max_capacity', 6))
    expect(both).toEqual({ autoScalingConfig: { minCapacity: 5, maxCapacity: 6 } })
  })

  test('whatever is accepted makes a valid definition that says it', () => {
    const any = fc.oneof(fc.integer({ min: -5, max: 6000 }), fc.boolean(), fc.string(), fc.constant(undefined))
    const one = fc.tuple(fc.constantFrom(...adoptable), any).map(([{ type, path }, after]) => found(type, path, after))
    const tag = fc.tuple(fc.stringMatching(/^[\w ]{1,10}$/), fc.string()).map(([name, value]): Drifted => {
      return { ...found('aws_lb', 'tags_all', value), segments: ['tags_all', name] }
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(one, tag)), (drifted) => {
        const patch = adoptPatch(drifted, definition)
        if (patch !== undefined) expect(() => parse(mergePatch(definition, patch))).not.toThrow()
      }),
    )
  })
})

describe('nothing is offered', () => {
  test.each([
    ['where no field maps', found('aws_lb_target_group', 'slow_start', 60)],
    ['for a masked value', found('aws_ecs_service', 'tags_all.team', 'others', { masked: true })],
    ['for what a definition cannot say', found('aws_cloudwatch_log_group', 'retention_in_days', 0)],
    ['for what contradicts the rest of it', found('aws_appautoscaling_target', 'min_capacity', 5)],
    [
      'for a resource that is gone',
      { change: { address: 'a', type: 'aws_lb', action: 'delete' as const }, segments: [], after: undefined },
    ],
  ])('%s', (_, drifted) => {
    expect(adopt(drifted)).toBeUndefined()
  })

  test("for the platform's own tags", () => {
    expect(adopt({ ...found('aws_lb', 'tags_all', undefined), segments: ['tags_all', 'gantry:server'] })).toBeUndefined()
  })

  test('where two resources say different things', () => {
    const [one, other] = ['a', 'b'].map((value) => found('aws_lb', 'tags_all.team', value)) as [Drifted, Drifted]
    expect(adopt(one, other)).toBeUndefined()
    expect(adopt(one, other, one)).toBeUndefined()
    expect(adopt(one, other, found('aws_lb', 'tags_all.team', undefined))).toBeUndefined()
  })
})
