import { expect, test } from 'vitest'
import { coverPlanText } from '../../../runner/plan-review/cover-plan-text.ts'
import { planOf, shownChange } from './shown-change.ts'

const hidden = (value: string) => planOf(shownChange('aws_x', 'create', { after: { a: value }, after_sensitive: { a: true } }))

test('a masked value that Terraform shows elsewhere is covered', () => {
  expect(coverPlanText('+ b = "prefix-hunter2hunter2"', hidden('hunter2hunter2'))).toBe('+ b = "prefix-(sensitive)"')
})

test('signs of a template are doubled in Terraform’s own text, and covered all the same', () => {
  expect(coverPlanText('+ b = "pass$${word}1"', hidden('pass${word}1'))).toBe('+ b = "(sensitive)"')
})

test('a value of several lines is covered line by line', () => {
  const text = '+ b = <<-EOT\n    first line\n    second line\n  EOT'
  expect(coverPlanText(text, hidden('first line\nsecond line'))).toBe('+ b = <<-EOT\n    (sensitive)\n    (sensitive)\n  EOT')
})

test('credentials are covered, the rest stays', () => {
  const key = `AKIA${'A'.repeat(16)}`
  expect(coverPlanText(`Plan: 1 to add ${key}`, {})).toBe('Plan: 1 to add (credential)')
})
