import { expect, test } from 'vitest'
import { createCover } from '../../../runner/plan-review/cover.ts'
import { listAttributes } from '../../../runner/plan-review/list-attributes.ts'
import type { ShownValues } from '../../../runner/plan-review/shown-plan.ts'
import { shownChange } from './shown-change.ts'

const attributes = (change: ShownValues & { replace_paths?: (string | number)[][] }, configured?: string[]) =>
  listAttributes(shownChange('aws_x', 'update', change), configured && new Set(configured), createCover([]))
const containers = (...list: object[]) => ({ container_definitions: JSON.stringify(list) })

test('a nested block and a map are named as Terraform names them', () => {
  const before = { health_check: [{ interval: 15, path: '/' }], tags: { 'a b': '1' } }
  const after = { health_check: [{ interval: 30, path: '/' }], tags: { 'a b': '2' } }
  expect(attributes({ before, after })).toEqual([
    { path: 'health_check[0].interval', before: 15, after: 30 },
    { path: 'tags["a b"]', before: '1', after: '2' },
  ])
})

test('what nobody set and what a provider calls unset is no difference', () => {
  expect(attributes({ before: { a: '', b: [], c: {} }, after: { a: null, b: null } })).toEqual([])
})

test('a value that only the apply will tell is shown where the configuration sets it', () => {
  const change = { before: { role: 'a', arn: 'b' }, after: {}, after_unknown: { role: true, arn: true } }
  expect(attributes(change, ['role'])).toEqual([{ path: 'role', before: 'a', knownAfterApply: true }])
})

test('an unknown part of a list makes the list unknown', () => {
  const change = { before: { groups: ['a'] }, after: { groups: ['a', null] }, after_unknown: { groups: [false, true] } }
  expect(attributes(change)).toEqual([{ path: 'groups', before: ['a'], knownAfterApply: true }])
})

test('what cannot change in place says so, also inside of JSON text', () => {
  const change = {
    before: containers({ name: 'a', cpu: 1 }),
    after: containers({ name: 'a', cpu: 2 }),
    replace_paths: [['container_definitions']],
  }
  expect(attributes(change)).toEqual([{ path: 'container_definitions[0].cpu', before: 1, after: 2, forcesReplacement: true }])
})

test('environment and secrets of a container are maps by name, whatever their order', () => {
  const before = containers({
    name: 'a',
    environment: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    secrets: [{ name: 'S', valueFrom: 'arn:1' }],
  })
  const after = containers({
    name: 'a',
    environment: [
      { name: 'B', value: '2' },
      { name: 'A', value: '3' },
    ],
    secrets: [{ name: 'S', valueFrom: 'arn:2' }],
  })
  expect(attributes({ before, after })).toEqual([
    { path: 'container_definitions[0].environment.A', before: '1', after: '3' },
    { path: 'container_definitions[0].secrets.S', before: 'arn:1', after: 'arn:2' },
  ])
})

test('a container that comes first does not make the others differ', () => {
  const paths = attributes({ before: containers({ name: 'b', cpu: 1 }), after: containers({ name: 'a', cpu: 2 }, { name: 'b', cpu: 1 }) })
  expect(paths).toEqual([
    { path: 'container_definitions[0].cpu', after: 2 },
    { path: 'container_definitions[0].name', after: 'a' },
  ])
})

test('names that JavaScript gives a meaning are names like any other', () => {
  const tags = JSON.parse('{"__proto__":"1","constructor":"2"}')
  expect(attributes({ before: {}, after: { tags } })).toEqual([
    { path: 'tags["__proto__"]', after: '1' },
    { path: 'tags["constructor"]', after: '2' },
  ])
})

test('text nested deeper than anybody means it stays one value', () => {
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
  expect(attributes({ before: {}, after: { a: deep } }).map(({ path }) => path)).toEqual(['a'])
})

test('a statement that comes first does not make the others differ', () => {
  const policy = (...actions: string[]) => ({ policy: JSON.stringify({ Statement: actions.map((Action) => ({ Action })) }) })
  expect(attributes({ before: policy('a', 'b'), after: policy('new', 'a', 'b') })).toEqual([
    { path: 'policy.Statement[0].Action', after: 'new' },
  ])
})

test('a value that is masked as a whole is not walked into, however short what it holds', () => {
  expect(attributes({ before: { a: { b: 'x' } }, after: { a: { b: 'y' } }, after_sensitive: { a: true } })).toEqual([
    { path: 'a', masked: true },
  ])
})

test('a value of a credential’s shape is masked on both sides', () => {
  const after = { a: `AKIA${'A'.repeat(16)}` }
  expect(attributes({ before: { a: 'b' }, after })).toEqual([{ path: 'a', masked: true }])
})

test('two long texts are shown from where they part', () => {
  const [found] = attributes({ before: { a: `${'x'.repeat(5000)}old` }, after: { a: `${'x'.repeat(5000)}new` } })
  expect(found).toEqual({ path: 'a', before: `…${'x'.repeat(24)}old`, after: `…${'x'.repeat(24)}new` })
})
