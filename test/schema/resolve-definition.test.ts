import { describe, expect, test } from 'vitest'
import { Definition } from '../../schema/definition.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import { createContract } from '../api/create-contract.ts'

const resolve = (fields: object, contract = createContract()) =>
  resolveDefinition(Definition.parse({ name: 'docs', serverType: 'stdio', startCommand: 'x', ...fields }), contract)

describe('resolveDefinition', () => {
  test.each([
    ['stdio', 8080, '/mcp'],
    ['http', 8000, '/mcp'],
    ['sse', 8000, '/sse'],
  ])('%s listens on %i and answers on %s', (serverType, port, mcpPath) => {
    expect(resolve({ serverType })).toMatchObject({ port, mcpPath })
  })

  test('runs on ARM64, an image on X86_64, unless asked', () => {
    expect([resolve({}), resolve({ image: 'a' }), resolve({ image: 'a', architecture: 'ARM64' })].map((one) => one.architecture)).toEqual([
      'ARM64',
      'X86_64',
      'ARM64',
    ])
  })

  test('takes load balancer, review and log retention from the platform', () => {
    const contract = createContract({ defaults: { loadBalancer: 'shared', review: 'always', logRetentionDays: 90 } })
    expect(resolve({}, contract)).toMatchObject({ loadBalancer: { mode: 'shared' }, review: 'always', logRetentionDays: 90 })
  })

  test('is never laxer than the platform', () => {
    const contract = createContract({ defaults: { loadBalancer: 'shared', review: 'destructive', logRetentionDays: 90 } })
    expect(['auto', 'destructive', 'always'].map((review) => resolve({ review }, contract).review)).toEqual([
      'destructive',
      'destructive',
      'always',
    ])
  })

  test('knows only shared on edge nlb', () => {
    expect(resolve({}, createContract({ edge: 'nlb' })).loadBalancer).toEqual({ mode: 'shared' })
  })

  test('keeps what was asked for', () => {
    const asked = { loadBalancer: { mode: 'shared' }, logRetentionDays: 7, stickiness: true, port: 8080, mcpPath: '/x' }
    expect(resolve(asked)).toMatchObject(asked)
  })
})
