import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideHold, type GateInput } from '../../runner/gate.ts'
import { ReviewPolicy } from '../../schema/contract.ts'
import type { PlannedAction, PlannedChange, Risk } from '../../schema/plan-review.ts'

const change = (action: PlannedAction, type = 'aws_lb', name = 'alb'): PlannedChange => ({
  address: `${type}.${name}`,
  type,
  action,
  attributes: [],
})
const risk = (kind: Risk['kind']): Risk => ({ kind, address: 'aws_x.y', message: `${kind} of aws_x.y`, details: [] })
const gate = (plan: Partial<GateInput['plan']>, changes: Partial<GateInput> = {}) =>
  decideHold({
    policies: ['destructive', undefined],
    firstCreation: false,
    proposal: undefined,
    plan: { type: 'apply', changes: [change('update')], risks: [], ...plan },
    ...changes,
  })

describe('the policy destructive', () => {
  test.each([
    ['a destroy', { changes: [change('delete')] }, ['aws_lb.alb is destroyed']],
    ['a replacement', { changes: [change('replace')] }, ['aws_lb.alb is replaced']],
    ['wider IAM', { risks: [risk('iam-widening')] }, ['iam-widening of aws_x.y']],
    ['wider ingress', { risks: [risk('exposure')] }, ['exposure of aws_x.y']],
  ])('holds %s and says so', (_, plan, reasons) => {
    expect(gate(plan)).toEqual({ policy: 'destructive', reasons })
  })

  test.each([
    ['creations and updates', { changes: [change('create'), change('update'), change('import')] }],
    ['a new revision of the task definition', { changes: [change('replace', 'aws_ecs_task_definition')] }],
    ['the scaling that a stop takes away', { changes: [change('delete', 'aws_appautoscaling_target')] }],
    ['a deletion that was asked for', { type: 'delete' as const, changes: [change('delete')] }],
    ['a role that is bound anew', { risks: [risk('rebinding')] }],
  ])('lets %s pass', (_, plan) => {
    expect(gate(plan).reasons).toEqual([])
  })

  test('lets a first creation pass, whatever it takes over or replaces', () => {
    expect(gate({ changes: [change('replace'), change('create')], risks: [risk('exposure')] }, { firstCreation: true }).reasons).toEqual([])
  })
})

test('the policy always holds everything, a deletion and a first creation too', () => {
  const policies = ['always'] as const
  expect(gate({ type: 'delete', changes: [change('delete')] }, { policies }).reasons).toHaveLength(1)
  expect(gate({ changes: [change('create')] }, { policies, firstCreation: true }).reasons).toHaveLength(1)
})

test('what was proposed in the review repository waits for its merge under any policy', () => {
  const proposal = { provider: 'git', branch: 'add-docs', commit: 'c1', by: 'git:a@example.com' } as const
  const held = gate({}, { policies: ['auto'], proposal })
  expect(held).toEqual({ policy: 'auto', reasons: [expect.stringContaining('add-docs')] })
})

test('the stricter of platform and definition counts, and a plan of nothing waits under none', () => {
  const policy = fc.constantFrom(...ReviewPolicy.options)
  fc.assert(
    fc.property(policy, fc.option(policy, { nil: undefined }), (platform, own) => {
      const order = ReviewPolicy.options
      const strictest = order[Math.max(order.indexOf(platform), own ? order.indexOf(own) : 0)]
      expect(gate({}, { policies: [platform, own] }).policy).toBe(strictest)
      expect(gate({ changes: [] }, { policies: [platform, own] }).reasons).toEqual([])
    }),
  )
})
