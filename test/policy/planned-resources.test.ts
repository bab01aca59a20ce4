import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plannedResources } from '../../policy/planned-resources.ts'

const change = (change: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  resource_changes: [{ address: 'aws_lb.a', type: 'aws_lb', mode: 'managed', change: { actions: ['create'], ...change }, ...more }],
})
const afterOf = (after: unknown, beside: Record<string, unknown>) => plannedResources(change({ after, ...beside }))[0]?.after

test.each([
  [['create'], 'create'],
  [['update'], 'update'],
  [['delete', 'create'], 'replace'],
  [['create', 'delete'], 'replace'],
  [['delete'], 'delete'],
  [['no-op'], 'no-op'],
])('Terraform’s %j is %s', (actions, action) => {
  expect(plannedResources(change({ actions }))[0]?.action).toBe(action)
})

test('a resource that is taken over is an import', () => {
  expect(plannedResources(change({ actions: ['no-op'], importing: { id: 'x' } }))[0]?.action).toBe('import')
})

test('data sources are nothing that a plan makes', () => {
  expect(plannedResources(change({}, { mode: 'data' }))).toEqual([])
})

test('what only the apply will tell is null, in the place where it will be', () => {
  const after = { name: 'a', rule: [{ port: 1 }] }
  const unknown = { arn: true, rule: [{ id: true }, true], tags: { made: true } }
  expect(afterOf(after, { after_unknown: unknown })).toEqual({
    name: 'a',
    arn: null,
    rule: [{ port: 1, id: null }, null],
    tags: { made: null },
  })
})

test('sensitive values are masked before and after, wherever Terraform says so', () => {
  const values = { password: 'hunter2', nested: [{ token: 'x', open: 1 }], all: { a: 'b' } }
  const sensitive = { password: true, nested: [{ token: true }], all: true }
  const [resource] = plannedResources(change({ before: values, after: values, before_sensitive: sensitive, after_sensitive: sensitive }))
  const masked = { password: '(sensitive)', nested: [{ token: '(sensitive)', open: 1 }], all: '(sensitive)' }
  expect(resource).toMatchObject({ before: masked, after: masked })
})

test('a credential’s shape is covered where nothing says that it is sensitive', () => {
  expect(afterOf({ text: 'key AKIAABCDEFGHIJKLMNOP' }, {})).toEqual({ text: 'key (credential)' })
})

test('what is gone after the plan is null', () => {
  expect(plannedResources(change({ actions: ['delete'], before: { a: 1 }, after: null }))[0]).toMatchObject({
    before: { a: 1 },
    after: null,
  })
})

test('any values, with anything beside them, are taken as they are', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  fc.assert(
    fc.property(json, json, json, (after, unknown, sensitive) => {
      afterOf(after, { after_unknown: unknown, after_sensitive: sensitive })
    }),
  )
})
