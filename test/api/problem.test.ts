import { describe, expect, test } from 'vitest'
import { Problem, problemOf } from '../../api/problem.ts'
import { ErrorCode, GantryError } from '../../schema/error-code.ts'

describe('problemOf', () => {
  test.each(ErrorCode.options)('has an answer for %s', (code) => {
    const problem = problemOf(new GantryError(code, 'why'), 'r-1')
    expect(Problem.parse(problem)).toMatchObject({ code, requestId: 'r-1' })
    expect(problem.status).toBeGreaterThanOrEqual(400)
  })

  test('gives away nothing of what it cannot explain', () => {
    const secret = 'password=hunter2'
    for (const error of [new Error(secret), new GantryError('INTERNAL', secret), secret, null, undefined, { name: 'X', message: secret }]) {
      const problem = problemOf(error, 'r-1')
      expect([problem.status, problem.code]).toEqual([500, 'INTERNAL'])
      expect(JSON.stringify(problem)).not.toContain('hunter2')
    }
  })

  test('calls what will pass unavailable', () => {
    expect(problemOf(Object.assign(new Error('x'), { name: 'ThrottlingException' }), '').status).toBe(503)
    expect(problemOf(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), '').status).toBe(503)
  })
})
