import { signIdentity } from './identity.ts'

export type Headers = Readonly<Record<string, string>>

export const both = 'application/json, text/event-stream'

/** One POST as a client of the Streamable HTTP transport sends it, with what a test changes. */
export function post(url: string, body: unknown, headers: Headers = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'x-gantry-identity': identity(), accept: both, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...init,
  })
}

export function listen(url: string, headers: Headers = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { headers: { 'x-gantry-identity': identity(), accept: 'text/event-stream', ...headers }, ...init })
}

export function call(id: unknown, name: string, args: unknown = {}, meta: unknown = undefined) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, _meta: meta } }
}

export function initializeBody(protocolVersion = '2025-11-25') {
  return {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  }
}

/** Begins a session; the headers that belong to it. */
export async function initialize(url: string, headers: Headers = {}, protocolVersion = '2025-11-25') {
  const response = await post(url, initializeBody(protocolVersion), headers)
  await response.text()
  const session = response.headers.get('mcp-session-id')
  if (!session) throw new Error(`no session: HTTP ${response.status}`)
  return { 'mcp-session-id': session, 'mcp-protocol-version': protocolVersion, ...headers }
}

export type Answer = {
  id?: unknown
  method?: string
  result?: { content: { text: string }[] }
  error?: { code: number; message: string; data?: unknown }
}

export async function readAnswer(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}

export type StreamEvent = { id?: string; event?: string; data?: string; comment?: string }

/** The events of a stream, one by one; comments come as `comment`. */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      yield Object.fromEntries(lines.map((line) => [line.split(': ', 1)[0] || 'comment', line.slice(line.indexOf(': ') + 2)]))
    }
  }
}

/** The JSON-RPC messages of a stream until it ends. */
export async function readMessages(response: Response): Promise<Answer[]> {
  return (await readAllEvents(response)).flatMap((event) => (event.data ? [JSON.parse(event.data)] : []))
}

export async function readAllEvents(response: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of readEvents(response)) events.push(event)
  return events
}

let token: string | undefined

function identity(): string {
  token ??= signIdentity()
  return token
}
