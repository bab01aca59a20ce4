import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../api/config.ts'

const env = { GANTRY_PLATFORM: 'sandbox', GANTRY_TABLE: 'gantry-sandbox', AWS_REGION: 'eu-west-1' }

describe('parseConfig', () => {
  test('derives what is not said', () => {
    expect(parseConfig(env)).toMatchObject({ platform: 'sandbox', runnerProject: 'gantry-sandbox-runner' })
    expect(parseConfig({ ...env, AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }).endpoint).toBe('http://127.0.0.1:5000')
  })

  test.each(Object.keys(env))('names %s when it is missing', (name) => {
    expect(() => parseConfig({ ...env, [name]: '' })).toThrow(`${name} is not set`)
  })

  test.each([
    ['GANTRY_PLATFORM', 'Sandbox'],
    ['GANTRY_TABLE', 'a b'],
    ['AWS_REGION', 'eu west'],
  ])('names %s when it is %j', (name, value) => {
    expect(() => parseConfig({ ...env, [name]: value })).toThrow(`${name} is ${JSON.stringify(value)}`)
  })
})
