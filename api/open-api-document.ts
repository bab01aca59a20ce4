import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from './app-env.ts'

/** The OpenAPI 3.1 document of the routes as they are. */
export function openApiDocument(app: OpenAPIHono<AppEnv>) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Gantry', version: '1', description: 'Hosts MCP servers on AWS through reviewed Terraform plans.' },
  })
}
