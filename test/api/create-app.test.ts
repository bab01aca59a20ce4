import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../api/create-app.ts'
import type { ApiPorts } from '../../api/ports.ts'
import { unreachablePorts } from './unreachable-ports.ts'

const appWith = (changes: Partial<ApiPorts> = {}) => createApp({ ...unreachablePorts, ...changes })
const someKey = { authorization: `Bearer gantry_${'a'.repeat(16)}_${'b'.repeat(43)}` }

describe('createApp', () => {
  test('answers /healthz without a key', async () => {
    const response = await appWith().request('/healthz')
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  test('answers an unknown path 404 and a wrong method 405 with what is allowed', async () => {
    const app = appWith()
    const nowhere = await app.request('/nothing/here')
    expect([nowhere.status, JSON.parse(await nowhere.text()).code]).toEqual([404, 'NOT_FOUND'])
    const wrong = await app.request('/servers', { method: 'PUT' })
    expect([wrong.status, JSON.parse(await wrong.text()).code, wrong.headers.get('allow')]).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
      'POST, GET, HEAD',
    ])
    expect((await app.request('/servers/x', { method: 'POST' })).status).toBe(405)
  })

  test('lets no page of another origin call it: a preflight says what is allowed, and allows no origin', async () => {
    const headers = { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' }
    const response = await appWith().request('/servers', { method: 'OPTIONS', headers })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD'])
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  test('puts a request id and security headers on every reply', async () => {
    const app = appWith()
    for (const path of ['/healthz', '/nothing', '/servers', '/docs', '/openapi.json']) {
      const response = await app.request(path)
      expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })

  test("takes over a caller's request id only where it is plain", async () => {
    const app = appWith()
    const own = await app.request('/nothing', { headers: { 'x-request-id': 'abc-123' } })
    expect([own.headers.get('x-request-id'), JSON.parse(await own.text()).requestId]).toEqual(['abc-123', 'abc-123'])
    const odd = await app.request('/nothing', { headers: { 'x-request-id': '<script>' } })
    expect(odd.headers.get('x-request-id')).not.toContain('script')
  })

  test('says 503 and no more when its table cannot be reached', async () => {
    const logged: unknown[] = []
    const response = await appWith({ log: (entry) => logged.push(entry) }).request('/servers', { headers: someKey })
    const text = await response.text()
    expect([response.status, JSON.parse(text).code, response.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '5'])
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN/)
    expect(logged).toHaveLength(1)
  })
})

interface Body {
  content?: Record<string, { example?: unknown; examples?: object }>
}
interface Operation {
  requestBody?: Body
  responses: Record<string, Body>
}

describe('/openapi.json', () => {
  test('is OpenAPI 3.1 and names every route but the open pages, each with its refusals', async () => {
    const document = JSON.parse(await (await appWith().request('/openapi.json')).text())
    expect(document.openapi).toBe('3.1.0')
    const calls = Object.entries<object>(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
    expect(calls.sort()).toEqual([
      'delete /api-keys/{id}',
      'delete /servers/{id}',
      'get /api-keys',
      'get /audit',
      'get /connections',
      'get /healthz',
      'get /runs',
      'get /runs/{id}',
      'get /runs/{id}/events',
      'get /runs/{id}/plan',
      'get /runs/{id}/plan.md',
      'get /runs/{id}/plan.txt',
      'get /runs/{id}/terraform',
      'get /servers',
      'get /servers/{id}',
      'get /servers/{id}/logs',
      'get /servers/{id}/revisions',
      'get /servers/{id}/revisions/{n}',
      'get /servers/{id}/revisions/{n}/diff',
      'patch /servers/{id}',
      'post /api-keys',
      'post /drift',
      'post /runs/{id}/approve',
      'post /runs/{id}/cancel',
      'post /runs/{id}/discard',
      'post /servers',
      'post /servers/{id}/rollback',
      'post /servers/{id}/runs',
      'post /verify',
      'post /webhooks/github',
      'put /servers/{id}',
      'put /servers/{id}/secrets/{name}',
    ])
    const open = ['/healthz', '/webhooks/github']
    for (const [path, item] of Object.entries<Record<string, { security?: unknown; responses: object }>>(document.paths))
      for (const operation of Object.values(item)) {
        expect(operation.security).toEqual(open.includes(path) ? undefined : [{ apiKey: [] }])
        if (path !== '/healthz') expect(operation.responses).toHaveProperty('401')
      }
  })

  test('is valid', async () => {
    const document = JSON.parse(await (await appWith().request('/openapi.json')).text())
    expect(await new Validator().validate(document)).toEqual({ valid: true })
  })

  test('has an example of every body, sent or answered', async () => {
    const document = JSON.parse(await (await appWith().request('/openapi.json')).text())
    const operations = Object.values<Record<string, Operation>>(document.paths).flatMap((item) => Object.values(item))
    const bodies = operations.flatMap(({ requestBody, responses }) => [...(requestBody ? [requestBody] : []), ...Object.values(responses)])
    const media = bodies.flatMap(({ content = {} }) => Object.values(content))
    expect(media.length).toBeGreaterThan(100)
    for (const { example, examples } of media) expect(example ?? examples).toBeDefined()
  })

  test('describes the definition by its own schema', async () => {
    const document = JSON.parse(await (await appWith().request('/openapi.json')).text())
    const body = document.paths['/servers'].post.requestBody.content['application/json'].schema
    expect(body.required).toEqual(['name', 'serverType'])
    expect(body.additionalProperties).toBe(false)
    expect(Object.keys(body.properties)).toContain('startCommand')
    expect(JSON.stringify(document)).not.toContain('secretSha256')
  })
})
