import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { StartEmulatorOptions } from '../emulator/start-emulator.ts'
import { answerError, answerJson, answerWith } from './answer.ts'
import { type AwsCall, type Intercepts, isAnswer } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import { type Destination, destinationOf } from './destination.ts'
import { endToEnd, forward } from './forward.ts'
import { identifyByForm, identifyByTarget, isForm } from './identify-call.ts'
import { readBody } from './read-body.ts'
import { recordsHeader } from './records-header.ts'
import { superviseEmulator } from './supervise-emulator.ts'

export interface EndpointOptions {
  /** On 127.0.0.1; 0 or absent = any free one. Stored URLs contain it. */
  readonly port?: number
  readonly emulator: Omit<StartEmulatorOptions, 'onExit' | 'port' | 'onLog'>
  readonly intercepts: Intercepts
  readonly onLog?: (line: string) => void
  /** The emulator cannot be had any more; a sentence that says why. The front answers 503 from then on. */
  readonly onGivenUp?: (reason: string) => void
}

export interface Endpoint {
  readonly url: string
  close(): Promise<void>
}

/** The one AWS endpoint of a sandbox: what the intercepts do not answer goes to the emulator and back as it comes. */
export async function serveEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const onLog = options.onLog ?? (() => {})
  const supervised = await superviseEmulator({
    emulator: { ...options.emulator, onLog },
    onLog,
    onGivenUp: options.onGivenUp ?? (() => {}),
  })
  const agent = new Agent({ keepAlive: true })
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 })
  const url = await listen(server, options.port ?? 0).catch(async (error: Error) => {
    await supervised.stop()
    throw error
  })
  const { intercepts } = options

  async function passOn(request: IncomingMessage, destination: Destination, body: IncomingMessage | Buffer) {
    const emulator = await supervised.current().catch((error: Error) => {
      throw new AwsError('ServiceUnavailable', error.message, 503)
    })
    const outgoing = { method: request.method ?? 'GET', headers: request.headers, destination, body }
    return forward(emulator.port, agent, outgoing).catch((error: Error) => {
      // It may have been done: the caller's SDK decides about a retry, as it does with AWS.
      throw new AwsError('ServiceUnavailable', `The emulator ended during this request (${error.message}).`, 503)
    })
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const destination = destinationOf(request, new URL(url).host)
    if (!destination) throw new AwsError('AccessDeniedException', `This endpoint answers AWS calls for ${url} only.`, 403)
    const target = identifyByTarget(request.headers)
    const asRecorded = request.headers[recordsHeader] !== undefined
    const mayIntercept = !asRecorded && (isForm(request.headers) || (target !== undefined && target in intercepts))
    if (!mayIntercept) return pass(await passOn(request, destination, request), response)

    const body = await readBody(request)
    const form = new URLSearchParams(isForm(request.headers) ? body.toString() : '')
    const intercept = intercepts[target ?? identifyByForm(form) ?? '']
    if (!intercept) return pass(await passOn(request, destination, body), response)
    const call: AwsCall = {
      input: target ? parseInput(body) : {},
      form,
      async forward(other) {
        const answer = await passOn(request, destination, other === undefined ? body : Buffer.from(other))
        return { status: answer.statusCode ?? 502, headers: answer.headers, body: await readBody(answer) }
      },
    }
    const answer = await intercept(call)
    if (isAnswer(answer)) answerWith(response, answer)
    else answerJson(response, answer)
  }

  server.on('request', (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy()
      if (!(error instanceof AwsError)) onLog(`${request.method} ${request.url}: ${(error as Error).stack}`)
      answerError(response, error instanceof AwsError ? error : new AwsError('InternalFailure', (error as Error).message, 500))
    })
  })
  return {
    url,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      agent.destroy()
      await Promise.all([closed, supervised.stop()])
    },
  }
}

async function pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
  await pipeline(answer, response)
}

function parseInput(body: Buffer): Record<string, unknown> {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString()) as Record<string, unknown>)
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.')
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(`Port ${port} of 127.0.0.1 cannot be listened on (${error.code}); stop the program that has it.`)),
    )
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}
