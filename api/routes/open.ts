import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { docsPage } from '../docs/docs-page.ts'
import { contentSecurityPolicy } from '../docs/style.ts'
import { openApiDocument } from '../open-api-document.ts'
import { json } from './describe.ts'

/** What needs no key. */
export function open(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, gantry_…',
  })
  const health = createRoute({
    method: 'get',
    path: '/healthz',
    tags: ['Platform'],
    summary: 'Whether the API answers',
    responses: { 200: json('It does', z.strictObject({ status: z.literal('ok') }), { status: 'ok' }) },
  })
  app.openapi(health, (c) => c.json({ status: 'ok' as const }, 200))

  let document: ReturnType<typeof openApiDocument> | undefined
  const described = () => {
    document ??= openApiDocument(app)
    return document
  }
  app.get('/openapi.json', (c) => c.json(described()))
  app.get('/docs', (c) => c.html(docsPage(described()), 200, { 'Content-Security-Policy': contentSecurityPolicy }))
}
