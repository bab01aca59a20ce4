import { describe, expect, test } from 'vitest'
import type { PlatformContract } from '../../schema/contract.ts'
import { Definition } from '../../schema/definition.ts'
import { checkAgainstPlatform } from '../../schema/definition-on-platform.ts'
import { createContract } from '../api/create-contract.ts'

const stdio = { name: 'docs', serverType: 'stdio', startCommand: 'node x.js' }
const noEgress: Partial<PlatformContract> = { egress: 'none' }
const sharedByDefault: Partial<PlatformContract> = { defaults: { loadBalancer: 'shared', review: 'destructive', logRetentionDays: 30 } }
const check = (fields: object, contract: Partial<PlatformContract> = {}) =>
  checkAgainstPlatform(Definition.parse({ ...stdio, ...fields }), createContract(contract))

describe('checkAgainstPlatform', () => {
  test.each<[string, object, Partial<PlatformContract>, string, RegExp]>([
    ['a task role elsewhere', { taskRoleArn: 'arn:aws:iam::111111111111:role/admin' }, {}, 'taskRoleArn', /\/gantry\//],
    ['a role of another account', { taskRoleArn: 'arn:aws:iam::999999999999:role/gantry/x' }, {}, 'taskRoleArn', /111111111111/],
    ['an execution role elsewhere', { taskExecutionRoleArn: 'arn:aws:iam::111111111111:role/a' }, {}, 'taskExecutionRoleArn', /path/],
    ['another bucket', { s3Path: 's3://other-bucket/docs' }, {}, 's3Path', /other-bucket.*gantry-test-artifacts/],
    ['dedicated on edge nlb', { loadBalancer: { mode: 'dedicated' } }, { edge: 'nlb' }, 'loadBalancer.mode', /shared/],
    ['an idle timeout where shared is the default', { idleTimeoutSeconds: 60 }, sharedByDefault, 'idleTimeoutSeconds', /shared/],
    ['a laxer review', { review: 'auto' }, sharedByDefault, 'review', /destructive or always/],
    ['npx without egress', { startCommand: 'npx -y docs-mcp' }, noEgress, 'startCommand', /npx.*egress none/],
    ['uvx without egress', { startCommand: ['uvx', 'docs-mcp'] }, noEgress, 'startCommand', /uvx/],
    ['pip install without egress', { startCommand: 'pip install docs && python -m docs' }, noEgress, 'startCommand', /pip install/],
    ['npx by its path without egress', { startCommand: 'exec /usr/bin/npx docs' }, noEgress, 'startCommand', /npx/],
    ['a public image without egress', { image: 'ghcr.io/docs/mcp:1' }, noEgress, 'image', /111111111111\.dkr\.ecr\.eu-west-1/],
    [
      'an image of another region without egress',
      { image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/docs:1' },
      noEgress,
      'image',
      /eu-west-1/,
    ],
  ])('refuses %s', (_what, fields, contract, path, message) => {
    expect(check(fields, contract)).toEqual([{ path, message: expect.stringMatching(message) }])
  })

  test.each<[string, object, Partial<PlatformContract>]>([
    ['a role under the path', { taskRoleArn: 'arn:aws:iam::111111111111:role/gantry/docs' }, {}],
    ['its own bucket', { s3Path: 's3://gantry-test-artifacts/docs' }, {}],
    ['shared on edge nlb', { loadBalancer: { mode: 'shared' } }, { edge: 'nlb' }],
    ['a stricter review', { review: 'always' }, sharedByDefault],
    ['npx with egress', { startCommand: 'npx -y docs-mcp' }, {}],
    ['a file that is called like a downloader', { startCommand: 'node npx-tool.js --curl-like' }, noEgress],
    ['an image of its own registry', { image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/docs:1' }, noEgress],
  ])('accepts %s', (_what, fields, contract) => {
    expect(check(fields, contract)).toEqual([])
  })

  test('finds every problem at once', () => {
    const problems = check(
      { startCommand: 'npx x', image: 'docs:1', s3Path: 's3://other/x', loadBalancer: { mode: 'dedicated' } },
      { ...noEgress, edge: 'nlb' },
    )
    expect(problems.map(({ path }) => path).sort()).toEqual(['image', 'loadBalancer.mode', 's3Path', 'startCommand'])
  })
})
