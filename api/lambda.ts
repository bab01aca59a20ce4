import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { createApiPorts } from './adapters/create-api-ports.ts'
import { parseConfig } from './config.ts'
import { createApp } from './create-app.ts'

let answer: ReturnType<typeof handle> | undefined

/** The control plane behind API Gateway's Lambda proxy integration, which buffers. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  answer ??= handle(createApp(createApiPorts(parseConfig(), { streamsEvents: false })))
  return answer(event as LambdaEvent)
}
