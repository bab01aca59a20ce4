import fc from 'fast-check'
import { expect, test } from 'vitest'
import { presentPlan } from '../../../runner/plan-review/present-plan.ts'
import type { ShownChange, ShownPlan } from '../../../runner/plan-review/shown-plan.ts'
import { sampleInput } from './sample-plan.ts'
import { planOf, shownChange } from './shown-change.ts'

/** Everything of a plan that leaves the private bucket, as one text. */
const published = (shown: ShownPlan, planText = '', next: Record<string, unknown> = {}): string => {
  const input = sampleInput({ shown, next: { definition: next, enabled: true } })
  const { review, markdown, text } = presentPlan({ ...input, planText })
  return [JSON.stringify(review), markdown, text].join('\n')
}

const canary = fc.stringMatching(/^[A-Za-z0-9"\\<&]{6,20}$/).map((text) => `canary${text}`)
const role = (policy: string) => shownChange('aws_iam_role_policy', 'update', { before: { policy: '{}' }, after: { policy } })

/** Where a value can be secret: by a mask, whole or in parts, on either side, in JSON text, in an output. */
const places: readonly ((secret: string) => ShownPlan)[] = [
  (secret) => planOf(shownChange('aws_x', 'update', { before: { a: 'b' }, after: { a: secret }, after_sensitive: { a: true } })),
  (secret) => planOf(shownChange('aws_x', 'update', { before: { a: secret }, after: { a: 'b' }, before_sensitive: { a: true } })),
  (secret) => planOf(shownChange('aws_x', 'create', { after: { a: secret, list: [secret] }, after_sensitive: true })),
  (secret) =>
    planOf(shownChange('aws_x', 'create', { after: { a: [{ b: { c: secret } }] }, after_sensitive: { a: [{ b: { c: true } }] } })),
  (secret) => planOf(shownChange('aws_x', 'create', { after: { a: ['b', secret] }, after_sensitive: { a: [false, true] } })),
  (secret) => planOf(shownChange('aws_x', 'delete', { before: { a: JSON.stringify([secret]) }, before_sensitive: { a: true } })),
]

test('what a mask hides is in nothing that people read', () => {
  fc.assert(
    fc.property(canary, fc.constantFrom(...places), (secret, place) => {
      const said = published(place(secret))
      expect(said).not.toContain(secret)
      expect(said).not.toContain(JSON.stringify(secret).slice(1, -1))
    }),
  )
})

/** Where the value of a sensitive variable can turn up without a mask. */
const leaks: readonly ((secret: string) => ShownChange)[] = [
  (secret) => shownChange('aws_x', 'create', { after: { a: `before ${secret} after` } }),
  (secret) => shownChange('aws_x', 'create', { after: { tags: { [secret]: 'x' } } }),
  (secret) => shownChange('aws_x', 'create', { after: { a: ['x', secret] } }),
  (secret) => shownChange('aws_x', 'create', { after: { a: `${JSON.stringify([{ b: secret }])} trailing` } }),
  (secret) =>
    shownChange('aws_ecs_task_definition', 'update', {
      after: { container_definitions: JSON.stringify([{ name: secret, command: [secret] }]) },
    }),
  (secret) =>
    shownChange('aws_ecs_task_definition', 'update', {
      after: { container_definitions: JSON.stringify([{ secrets: [{ name: 'A', valueFrom: secret }] }]) },
    }),
  (secret) => role(JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: secret }] })),
  (secret) => shownChange('aws_cloudwatch_log_group', 'delete', { before: { name: secret } }),
  (secret) => shownChange('aws_x', 'replace', { replace_paths: [['tags', secret]], before: {}, after: {} }),
  (secret) => shownChange('aws_x', 'import', { importing: { id: secret } }),
  (secret) => shownChange('aws_x', 'create', { after: {} }, `y[${JSON.stringify(secret)}]`),
]

test('the value of a sensitive variable is in nothing that people read, wherever it went', () => {
  fc.assert(
    fc.property(canary, fc.constantFrom(...leaks), (secret, leak) => {
      const variables = { variables: { token: { value: { deep: [secret] } } } }
      const configuration = { root_module: { variables: { token: { sensitive: true } } } }
      const said = published({ ...planOf(leak(secret)), ...variables, configuration }, `x = "${JSON.stringify(secret).slice(1, -1)}"`, {
        name: secret,
      })
      expect(said).not.toContain(secret)
      expect(said).not.toContain(JSON.stringify(secret).slice(1, -1))
    }),
  )
})

const token = fc.stringMatching(/^[A-Za-z0-9]{36}$/).map((text) => `ghp_${text}`)

test('a text of a credential’s shape is in nothing that people read, wherever it stands', () => {
  fc.assert(
    fc.property(token, fc.constantFrom(...leaks), (secret, leak) => {
      expect(published(planOf(leak(secret)), `x = ${secret}`, { environment: { A: secret } })).not.toContain(secret)
    }),
  )
})

test('environment is not secret: it is shown', () => {
  const container = { name: 'server', environment: [{ name: 'LOG_LEVEL', value: 'plainly-shown' }] }
  const after = { container_definitions: JSON.stringify([container]) }
  expect(published(planOf(shownChange('aws_ecs_task_definition', 'create', { after })))).toContain('plainly-shown')
})

test('a masked value says that it is one, and shows neither side', () => {
  const change = shownChange('aws_x', 'update', { before: { a: 1 }, after: { a: 2 }, before_sensitive: { a: true } })
  const { review } = presentPlan({ ...sampleInput({ shown: planOf(change) }), planText: '' })
  expect(review.changes[0]?.attributes).toEqual([{ path: 'a', masked: true }])
})

test('a sensitive variable that is a word of ours does not change what the review says happens', () => {
  const configuration = { root_module: { variables: { word: { sensitive: true } } } }
  const shown = {
    ...planOf(shownChange('aws_x', 'update', { before: { a: 1 }, after: { a: 2 } })),
    variables: { word: { value: 'update' } },
    configuration,
  }
  expect(presentPlan({ ...sampleInput({ shown }), planText: '' }).review.changes[0]?.action).toBe('update')
})
