import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { createApiPorts } from './adapters/create-api-ports.ts'
import { parseConfig } from './config.ts'
import { createApp } from './create-app.ts'
import type { ApiPorts } from './ports.ts'

/** The control plane behind API Gateway's Lambda proxy integration, which buffers. */
export const createLambda = (ports: ApiPorts) => handle(createApp(ports))

let answer: ReturnType<typeof createLambda> | undefined

export async function handler(event: LambdaEvent, context?: LambdaContext) {
  answer ??= createLambda(createApiPorts(parseConfig(), { streamsEvents: false }))
  return answer(event, context)
}
