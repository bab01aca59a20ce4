import type { ServerResponse } from 'node:http'
import type { AwsAnswer } from './aws-call.ts'
import type { AwsError } from './aws-error.ts'
import { endToEnd } from './forward.ts'

export function answerWith(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  const kept = endToEnd(headers)
  delete kept['transfer-encoding']
  response.writeHead(status, { ...kept, 'content-length': body.length }).end(body)
}

export function answerJson(response: ServerResponse, content: unknown, status = 200): void {
  const body = JSON.stringify(content)
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(body) }).end(body)
}

export function answerError(response: ServerResponse, { code, message, status }: AwsError): void {
  response.setHeader('x-amzn-errortype', code)
  answerJson(response, { __type: code, message }, status)
}
