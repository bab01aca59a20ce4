import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseConfig } from '../../bridge/config.ts'
import { bridgeEnvironment } from './support/start-bridge.ts'

const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

test('a child sees the environment of the container without the variables of the bridge', () => {
  const { server } = parseConfig(bridgeEnvironment({ API_URL: 'x', PATH: '/bin' }))
  expect(server).toMatchObject({ type: 'stdio', environment: { API_URL: 'x', PATH: '/bin' } })
  expect(JSON.stringify(server)).not.toContain('GANTRY_')
})

test('an http server answers on /mcp and an sse server on /sse unless told otherwise', () => {
  const upstream = (type: string, path = '') =>
    parseConfig(bridgeEnvironment({ GANTRY_SERVER_TYPE: type, GANTRY_UPSTREAM_PORT: '8000', GANTRY_MCP_PATH: path })).server
  expect(upstream('http')).toEqual({ type: 'http', port: 8000, mcpPath: '/mcp' })
  expect(upstream('sse')).toEqual({ type: 'sse', port: 8000, mcpPath: '/sse' })
  expect(upstream('http', '/api/mcp')).toEqual({ type: 'http', port: 8000, mcpPath: '/api/mcp' })
})

test.each([
  ['GANTRY_SERVER_ID', ''],
  ['GANTRY_SERVER_TYPE', 'websocket'],
  ['GANTRY_COMMAND', 'node server.js'],
  ['GANTRY_COMMAND', '[]'],
  ['GANTRY_COMMAND', '["node", 1]'],
  ['GANTRY_PORT', '80a'],
  ['GANTRY_PORT', '65536'],
  ['GANTRY_PUBLIC_URL', 'gateway.test/mcp'],
  ['GANTRY_HEALTH_PATH', 'health'],
  ['GANTRY_IDENTITY_KEY', 'bm8ga2V5'],
  ['GANTRY_IDENTITY_KEY', rsaKey],
  ['GANTRY_IDENTITY_ISSUER', ''],
])('%s = %j is refused by name', (name, value) => {
  expect(() => parseConfig(bridgeEnvironment({ [name]: value }))).toThrow(name)
})

const secret = 'a secret of thirty-two characters'

test('session ids are sealed with the address that ECS names where the bridge listens on all of them', () => {
  expect(parseConfig(bridgeEnvironment({ GANTRY_SESSION_SECRET: secret, GANTRY_HOST: '' }), '10.0.2.7').sealing).toEqual({
    secret,
    address: '10.0.2.7',
  })
  expect(parseConfig(bridgeEnvironment({ GANTRY_SESSION_SECRET: secret, GANTRY_HOST: '127.0.0.9' })).sealing?.address).toBe('127.0.0.9')
  expect(parseConfig(bridgeEnvironment()).sealing).toBeUndefined()
})

test.each([
  ['GANTRY_SESSION_SECRET', { GANTRY_SESSION_SECRET: 'short' }],
  ['ECS_CONTAINER_METADATA_URI_V4', { GANTRY_SESSION_SECRET: secret, GANTRY_HOST: '' }],
  ['GANTRY_HOST', { GANTRY_SESSION_SECRET: secret, GANTRY_HOST: '0.0.0.0' }],
  ['GANTRY_HOST', { GANTRY_SESSION_SECRET: secret, GANTRY_HOST: 'localhost' }],
])('%s is named where session ids cannot be sealed', (name, env) => {
  expect(() => parseConfig(bridgeEnvironment(env))).toThrow(name)
})

test('a secret that is refused is not repeated', () => {
  expect(() => parseConfig(bridgeEnvironment({ GANTRY_SESSION_SECRET: 'short' }))).not.toThrow('"short"')
})

test('a missing upstream port is refused by name', () => {
  expect(() => parseConfig(bridgeEnvironment({ GANTRY_SERVER_TYPE: 'http' }))).toThrow('GANTRY_UPSTREAM_PORT')
})
