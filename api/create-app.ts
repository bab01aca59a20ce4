import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { GantryError } from '../schema/error-code.ts'
import { problemsOf } from '../schema/parse-definition.ts'
import type { AppContext, AppEnv } from './app-env.ts'
import type { ApiPorts } from './ports.ts'
import { problemOf } from './problem.ts'
import { apiKeys } from './routes/api-keys.ts'
import { audit } from './routes/audit.ts'
import { connections } from './routes/connections.ts'
import { newRuns } from './routes/new-runs.ts'
import { open } from './routes/open.ts'
import { reviews } from './routes/reviews.ts'
import { revisions } from './routes/revisions.ts'
import { runs } from './routes/runs.ts'
import { secrets } from './routes/secrets.ts'
import { serverChanges } from './routes/server-changes.ts'
import { servers } from './routes/servers.ts'
import { webhooks } from './routes/webhooks.ts'
import { secureHeaders } from './secure-headers.ts'

/** The control plane. Called by lambda.ts, the sandbox and every test; importing it starts nothing. */
export function createApp(ports: ApiPorts) {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return
      throw new GantryError('INVALID_REQUEST', `The ${result.target} does not fit.`, { errors: problemsOf(result.error) })
    },
  })
  const refuse = (c: AppContext, error: unknown) => {
    const problem = problemOf(error, c.var.requestId)
    c.set('problemCode', problem.code)
    if (problem.status >= 500)
      ports.log({ event: 'request.failed', requestId: c.var.requestId, method: c.req.method, path: c.req.path, error })
    return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
      'Content-Type': 'application/problem+json',
      ...(problem.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(problem.status === 503 && { 'Retry-After': '5' }),
    })
  }
  app.use(requestId({ limitLength: 64 }), secureHeaders)
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const response = refuse(
          c,
          new GantryError('METHOD_NOT_ALLOWED', `${c.req.method} is not allowed here, only ${methods.join(', ')}.`),
        )
        response.headers.set('Allow', methods.join(', '))
        return response
      },
    }),
  )
  app.onError((error, c) => refuse(c, error instanceof HTTPException ? asRefusal(error) : error))
  app.notFound((c) => refuse(c, new GantryError('NOT_FOUND', `There is nothing at ${c.req.path}.`)))

  servers(app, ports)
  serverChanges(app, ports)
  newRuns(app, ports)
  revisions(app, ports)
  secrets(app, ports)
  runs(app, ports)
  reviews(app, ports)
  apiKeys(app, ports)
  connections(app, ports)
  audit(app, ports)
  webhooks(app, ports)
  open(app)
  return app
}

const asRefusal = (error: HTTPException) => new GantryError('INVALID_REQUEST', error.message, { cause: error })
