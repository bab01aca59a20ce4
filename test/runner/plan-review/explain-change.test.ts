import { expect, test } from 'vitest'
import { explainChange } from '../../../runner/plan-review/explain-change.ts'
import { shownChange } from './shown-change.ts'

test('a replacement names what cannot change in place, and which of the two comes first', () => {
  const change = { replace_paths: [['cpu'], ['health_check', 0, 'port']], actions: ['create', 'delete'] }
  expect(explainChange(shownChange('aws_x', 'replace', change), 'replace')).toBe(
    'cpu, health_check[0].port cannot change in place; the new one comes before the old one goes.',
  )
})

test('a task definition that is only forgotten stays registered', () => {
  const change = { before: { skip_destroy: true }, replace_paths: [['cpu']] }
  expect(explainChange(shownChange('aws_ecs_task_definition', 'replace', change), 'replace')).toBe(
    'cpu cannot change in place; the old one stays registered.',
  )
})

test('a broken creation is why it is made again', () => {
  const shown = { ...shownChange('aws_x', 'replace'), action_reason: 'replace_because_tainted' }
  expect(explainChange(shown, 'replace')).toMatch(/^Its last creation did not finish; /)
})

test('a deletion says whether the configuration or the whole server is the reason', () => {
  const shown = shownChange('aws_x', 'delete')
  expect(explainChange({ ...shown, action_reason: 'delete_because_no_resource_config' }, 'delete')).toBe(
    'It is not in the configuration any more.',
  )
  expect(explainChange(shown, 'delete')).toBe('Everything of the server is deleted.')
})

test('what is taken over is named', () => {
  expect(explainChange(shownChange('aws_x', 'import'), 'import')).toBe('It exists already and is taken over as i-1.')
})
