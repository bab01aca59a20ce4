import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAddresses } from '../../../sandbox/ecs/addresses.ts'
import { healthArgv } from '../../../sandbox/ecs/check-container.ts'
import { matchesCodes } from '../../../sandbox/ecs/check-target.ts'
import { failureThreshold, startDelayMs } from '../../../sandbox/ecs/circuit-breaker.ts'
import { hostPath } from '../../../sandbox/ecs/mount.ts'
import { parseValueFrom } from '../../../sandbox/ecs/resolve-secrets.ts'

test.each([
  [0, 3],
  [1, 3],
  [7, 4],
  [1000, 200],
])('with %i desired the circuit breaker opens at %i failures', (desired, threshold) => {
  expect(failureThreshold(desired)).toBe(threshold)
})

test('restarts wait longer each time, but never over 30 s', () => {
  expect([0, 1, 2, 3, 4, 10, 60].map(startDelayMs)).toEqual([0, 0, 1000, 2000, 4000, 30_000, 30_000])
})

test.each([
  ['200', 200, true],
  ['200-299,404', 404, true],
  ['200-299', 300, false],
  ['200,202', 201, false],
])('matcher %s and status %i: %s', (matcher, status, passes) => {
  expect(matchesCodes(matcher, status)).toBe(passes)
})

test.each([
  [
    ['CMD-SHELL', 'curl x || exit 1'],
    ['/bin/sh', '-c', 'curl x || exit 1'],
  ],
  [
    ['CMD', 'node', 'check.js'],
    ['node', 'check.js'],
  ],
  [['NONE'], undefined],
])('a health command %j runs as %j', (command, argv) => {
  expect(healthArgv(command)).toEqual(argv)
})

const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:name-AbCdEf'
test.each([
  [secret, { kind: 'secret', arn: secret }],
  [`${secret}:key::`, { kind: 'secret', arn: secret, jsonKey: 'key', versionStage: '', versionId: '' }],
  [`${secret}:key:AWSPREVIOUS:`, { kind: 'secret', arn: secret, jsonKey: 'key', versionStage: 'AWSPREVIOUS', versionId: '' }],
  ['arn:aws:ssm:us-east-1:123456789012:parameter/a/b', { kind: 'parameter', name: '/a/b' }],
  ['plain', { kind: 'parameter', name: 'plain' }],
])('valueFrom %s is %j', (valueFrom, parsed) => {
  expect(parseValueFrom(valueFrom)).toMatchObject(parsed)
})

test('the longest mount says where a container’s path lies on the host', () => {
  const mounts = [
    { kind: 'hidden', target: '/root' },
    { kind: 'tmpfs', target: '/tmp', options: '' },
    { kind: 'directory', source: '/data/cache', target: '/tmp/.cache', readOnly: false },
    { kind: 'file', source: '/usr/bin/node', target: '/opt/gantry/node' },
  ] as const
  const paths = ['/tmp/x', '/tmp/.cache/npm', '/tmp/.cached', '/opt/gantry/node', '/usr/bin/env', '/root/x']
  expect(paths.map((path) => hostPath(path, mounts, '/s'))).toEqual([
    '/s/tmp/x',
    '/data/cache/npm',
    '/s/tmp/.cached',
    '/usr/bin/node',
    '/usr/bin/env',
    '/root/x',
  ])
})

test('no address is given twice while it is in use', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (frees) => {
      const addresses = createAddresses()
      const used: string[] = []
      for (const free of frees) {
        const address = addresses.take()
        if (process.platform === 'linux') expect(used).not.toContain(address)
        used.push(address)
        const given = free ? used.shift() : undefined
        if (given !== undefined) addresses.free(given)
      }
    }),
  )
})
