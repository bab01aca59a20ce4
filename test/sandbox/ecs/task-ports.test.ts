import { expect, test } from 'vitest'
import { placeCommand, placePorts, wantedPorts } from '../../../sandbox/ecs/task-ports.ts'

const bridge = {
  name: 'bridge',
  environment: [
    { name: 'GANTRY_PORT', value: '8080' },
    { name: 'GANTRY_UPSTREAM_PORT', value: '8000' },
  ],
}
const wanted = wantedPorts([{ name: 'server', environment: [{ name: 'PORT', value: '8000' }] }, bridge])
const ports = { address: '127.64.0.7', wanted, bridge: 8080, server: 45_678 }

test('the bridge container and the server’s port are read from the environment', () => {
  expect(wanted).toEqual({ bridge: { container: 'bridge', port: 8080 }, server: 8000 })
})

test('the bridge listens on the task’s address and knows where the server went', () => {
  expect(placePorts({ GANTRY_PORT: '8080', GANTRY_UPSTREAM_PORT: '8000', A: 'b' }, 'bridge', ports)).toEqual({
    GANTRY_HOST: '127.64.0.7',
    GANTRY_PORT: '8080',
    GANTRY_UPSTREAM_PORT: '45678',
    A: 'b',
  })
})

test('the server gets its port through PORT, and other variables stay as they are', () => {
  expect(placePorts({ PORT: '8000', OTHER: '8000' }, 'server', ports)).toEqual({ PORT: '45678', OTHER: '8000' })
})

test('a PORT of the user’s own meaning is left alone', () => {
  expect(placePorts({ PORT: '9999' }, 'server', ports)).toEqual({ PORT: '9999' })
})

test.each([
  ['http://localhost:8000/health', 'http://localhost:45678/health'],
  ['http://127.0.0.1:8000', 'http://127.0.0.1:45678'],
  ['http://[::1]:8000/', 'http://[::1]:45678/'],
  ['curl localhost:8080/health || exit 1', 'curl 127.64.0.7:8080/health || exit 1'],
  ['localhost:80001', 'localhost:80001'],
  ['localhost:800', 'localhost:800'],
  ['example.com:8000', 'example.com:8000'],
])('in a health command %s becomes %s', (given, placed) => {
  expect(placeCommand([given], ports)).toEqual([placed])
})
