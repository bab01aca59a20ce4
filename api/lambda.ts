import type { APIGatewayProxyEvent } from 'aws-lambda'
import { handle } from 'hono/aws-lambda'
import { createApiPorts } from './adapters/create-api-ports.ts'
import { parseConfig } from './config.ts'
import { createApp } from './create-app.ts'

type Handle = ReturnType<typeof handle>
let answer: Handle | undefined

/** The control plane behind API Gateway's Lambda proxy integration, which buffers. */
export async function handler(event: APIGatewayProxyEvent): Promise<Awaited<ReturnType<Handle>>> {
  answer ??= handle(createApp(createApiPorts(parseConfig(), { streamsEvents: false })))
  // Hono's type of the event knows no null where API Gateway sends one.
  return answer(event as unknown as Parameters<Handle>[0])
}
