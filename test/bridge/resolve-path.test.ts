import { expect, test } from 'vitest'
import { resolvePath } from '../../bridge/resolve-path.ts'

const options = { serverId: 'docs', stage: 'live' }

test.each([
  ['/mcp/docs/mcp', '/mcp/docs', '/mcp', ''],
  ['/live/mcp/docs/mcp', '/live/mcp/docs', '/mcp', ''],
  ['/mcp/docs/api/v1?x=1&y=/mcp/docs', '/mcp/docs', '/api/v1', '?x=1&y=/mcp/docs'],
  ['/mcp/docs', '/mcp/docs', '/', ''],
  ['/mcp/docs/mcp/docs/mcp', '/mcp/docs', '/mcp/docs/mcp', ''],
  ['/mcp', '', '/mcp', ''],
  ['/health', '', '/health', ''],
  ['/live/health', '', '/live/health', ''],
  ['/mcp/docsy/mcp', '', '/mcp/docsy/mcp', ''],
  ['/mcp/%64ocs/mcp', '', '/mcp/%64ocs/mcp', ''],
])('%s is split', (target, prefix, path, search) => {
  expect(resolvePath(target, options)).toEqual({ prefix, path, search })
})

test.each(['*', 'http://x/mcp', ''])('%j is no path', (target) => {
  expect(resolvePath(target, options)).toBeUndefined()
})
