import { expect, test } from 'vitest'
import { errorMessage, firstError } from '../../terraform/diagnostics.ts'

const line = (diagnostic: object) => JSON.stringify({ '@level': 'error', type: 'diagnostic', diagnostic })

test("finds the first error with its resource's address and the provider's words", () => {
  const lines = [
    'chatter of a plugin',
    JSON.stringify({ type: 'apply_start', hook: {} }),
    line({ severity: 'warning', summary: 'Deprecated' }),
    line({ severity: 'error', summary: 'creating Role', detail: 'AccessDenied', address: 'aws_iam_role.task' }),
    line({ severity: 'error', summary: 'later' }),
  ]
  const error = firstError(lines)
  expect(error).toEqual({ address: 'aws_iam_role.task', summary: 'creating Role', detail: 'AccessDenied' })
  expect(error && errorMessage(error)).toBe('creating Role: AccessDenied')
})

test('finds nothing where there is no error', () => {
  expect(firstError(['', '{', line({ severity: 'warning', summary: 'x' })])).toBeUndefined()
})
