import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { RawHeader } from './call.ts'

/** API Gateway's limits on a REST API with a Regional endpoint. */
export const limits = { bodyBytes: 10 * 1024 * 1024, idleMs: 300_000, bufferedMs: 29_000 }

export interface ProxyRequest {
  readonly host: string
  readonly port: number
  readonly httpMethod: string
  readonly path: string
  readonly headers: readonly RawHeader[]
  readonly stream: boolean
  /** To the last byte of the answer, also with STREAM. */
  readonly timeoutMs: number
  /** The load balancer's: without a byte for that long it gives up. */
  readonly idleMs: number
  readonly requestId: string
}

export type ProxyOutcome = 'answered' | 'aborted' | 'too-large' | 'timeout' | 'idle' | 'unreachable' | 'failed'

const dropped = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-authenticate', 'trailer', 'upgrade'])
const remapped = new Set(['www-authenticate', 'date', 'server', 'content-md5'])

/** A backend's headers as API Gateway lets them out. */
function responseHeaders(raw: readonly string[], requestId: string): RawHeader[] {
  const headers: RawHeader[] = [['x-amzn-RequestId', requestId]]
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const lower = name.toLowerCase()
    if (dropped.has(lower)) continue
    headers.push([remapped.has(lower) ? `x-amzn-remapped-${lower}` : name, raw[index + 1] ?? ''])
  }
  return headers
}

const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })

function stream(answer: IncomingMessage, response: ServerResponse, plan: ProxyRequest, done: (outcome: ProxyOutcome) => void): void {
  response.writeHead(answer.statusCode ?? 502, responseHeaders(answer.rawHeaders, plan.requestId).flat())
  response.flushHeaders()
  answer.on('error', () => response.destroy()).on('aborted', () => response.destroy())
  answer.pipe(response)
  response.on('finish', () => done('answered'))
}

function buffer(answer: IncomingMessage, response: ServerResponse, plan: ProxyRequest, done: (outcome: ProxyOutcome) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size > limits.bodyBytes) {
      answer.destroy()
      done('failed')
    }
  })
  answer.on('error', () => done('failed'))
  answer.on('end', () => {
    const headers = responseHeaders(answer.rawHeaders, plan.requestId).filter(([name]) => name.toLowerCase() !== 'content-length')
    const bodiless = plan.httpMethod === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304
    const length: RawHeader[] = bodiless ? [] : [['Content-Length', String(size)]]
    response.writeHead(answer.statusCode ?? 502, [...headers, ...length].flat())
    response.end(Buffer.concat(chunks))
    done('answered')
  })
}

/** Counts what the client sends on; API Gateway refuses more than 10 MB. */
function limitBody(client: IncomingMessage, exceeded: () => void): void {
  let size = 0
  client.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limits.bodyBytes) exceeded()
  })
}

/**
 * Relays one call. Resolves when the answer has been sent, or with why there is none; nothing has been sent then, except for
 * `answered` and `aborted`.
 */
export function proxyHttp(client: IncomingMessage, response: ServerResponse, plan: ProxyRequest): Promise<ProxyOutcome> {
  if (response.destroyed) return Promise.resolve('aborted')
  if (Number(client.headers['content-length'] ?? 0) > limits.bodyBytes) return Promise.resolve('too-large')
  return new Promise((resolve) => {
    const { host, port, path, httpMethod: method } = plan
    const outgoing = request({ host, port, path, method, headers: plan.headers.flat(), agent })
    const timer = setTimeout(() => finish(response.headersSent ? 'aborted' : 'timeout'), plan.timeoutMs)
    let finished = false
    const finish = (outcome: ProxyOutcome): void => {
      if (finished) return
      finished = true
      clearTimeout(timer)
      client.unpipe(outgoing)
      client.resume()
      if (outcome !== 'answered') outgoing.destroy()
      if (outcome === 'aborted') response.destroy()
      resolve(outcome)
    }
    outgoing.setTimeout(Math.min(limits.idleMs, plan.idleMs), () => finish(response.headersSent ? 'aborted' : 'idle'))
    outgoing.on('error', () => finish(response.headersSent ? 'aborted' : 'unreachable'))
    outgoing.on('response', (answer) => {
      const relay = plan.stream ? stream : buffer
      relay(answer, response, plan, finish)
    })
    response.on('close', () => response.writableFinished || finish('aborted'))
    limitBody(client, () => finish('too-large'))
    client.pipe(outgoing)
  })
}
