import { expect, test } from 'vitest'
import { sourceIp } from '../../api/source-ip.ts'
import { proxyEvent } from './gateway-events.ts'

test('is what API Gateway saw, whatever the caller forwards', () => {
  const event = proxyEvent('POST', '/servers', { headers: { 'X-Forwarded-For': ['10.0.0.1, 203.0.113.7'] } })
  expect(sourceIp({ event, requestContext: event.requestContext, lambdaContext: {} })).toBe('203.0.113.7')
})

test('is the peer of the socket where nothing is in front', () => {
  expect(sourceIp({ incoming: { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': '10.0.0.1' } } })).toBe('127.0.0.1')
})

test.each([undefined, {}, { incoming: {} }])('is unknown where nobody tells it: %j', (env) => {
  expect(sourceIp(env)).toBe('unknown')
})
