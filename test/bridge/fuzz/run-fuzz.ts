import fc from 'fast-check'
import { signIdentity } from '../support/identity.ts'
import { call, initialize, listen, post } from '../support/raw.ts'
import { exchange } from './exchange.ts'
import { placeholders, type RawRequest, requests } from './requests.ts'

type Target = { url: string; port: number }
type Options = { seed: number; count: number; connections: number; bystanders: number; onProgress?: (done: number) => Promise<void> }

const allowed = [200, 202, 204, 400, 401, 403, 404, 405, 406, 408, 413, 415, 417, 431, 503]
const mallory = { 'x-gantry-identity': signIdentity({ sub: 'mallory' }) }

/** Sends requests of every kind while well-behaved clients go on calling; throws with the seed and the request where one is not answered well. */
export async function runFuzz(target: Target, options: Options): Promise<{ calls: number; statuses: Record<string, number> }> {
  const statuses: Record<string, number> = {}
  const stop = new AbortController()
  const bystanders = Array.from({ length: options.bystanders }, (_, index) => callOn(target.url, index, stop.signal))
  const attacker = createAttacker(target)
  let sent = 0
  const work = async (connection: number) => {
    const chunk = 25
    for (let round = 0; sent < options.count; round++) {
      const seed = options.seed + connection * 10_007 + round
      for (const [index, request] of fc.sample(requests, { numRuns: chunk, seed }).entries()) {
        const answer = await attacker.send(request)
        const problem = judge(request, answer)
        if (problem) throw new Error(`${problem}\nseed ${seed}, request ${index}: ${show(request)}\nanswer: ${answer.slice(0, 500)}`)
        const status = answer.slice(9, 12) || 'none'
        statuses[status] = (statuses[status] ?? 0) + 1
        sent++
      }
      await options.onProgress?.(sent)
    }
  }
  try {
    await Promise.race([
      Promise.all(Array.from({ length: options.connections }, (_, connection) => work(connection))),
      Promise.all(bystanders).then(() => Promise.reject(new Error('The bystanders stopped by themselves.'))),
    ])
  } finally {
    stop.abort()
    await attacker.leave()
  }
  const calls = (await Promise.all(bystanders)).reduce((sum, count) => sum + count, 0)
  return { calls, statuses }
}

/** Keeps a session of the one who sends, and ends those that its requests began. */
function createAttacker({ url, port }: Target) {
  let session: Promise<Record<string, string>> | undefined
  // Refused for as long as what it sent keeps ending its children.
  const open = () => initialize(url, mallory).catch(() => ({ 'mcp-session-id': 'none' }))
  const end = (id: string) => listen(url, { ...mallory, 'mcp-session-id': id }, { method: 'DELETE' }).then((response) => response.text())
  return {
    send: async (request: RawRequest): Promise<string> => {
      session ??= open()
      const current = session
      const id = (await current)['mcp-session-id'] ?? ''
      const answer = await exchange(port, request, { identity: mallory['x-gantry-identity'], session: id })
      const begun = /^mcp-session-id: (\S+)/im.exec(answer)?.[1]
      if (begun) await end(begun)
      const used = request.pieces.some((piece) => piece.includes(placeholders.session))
      const over = id === 'none' || (used && /Session not found|^HTTP\/1.1 204 /.test(answer))
      if (over && session === current) session = undefined
      return answer
    },
    leave: async () => void (session && (await end((await session)['mcp-session-id'] ?? ''))),
  }
}

/** Calls without end, one answer awaited at a time; how many came back, each of them the right one. */
async function callOn(url: string, index: number, stopped: AbortSignal): Promise<number> {
  const session = await initialize(url, { 'x-gantry-identity': signIdentity({ sub: `bystander-${index}` }) })
  let count = 0
  while (!stopped.aborted) {
    const value = `${index}-${count++}`
    const response = await post(url, call(value, 'echo', { value }), session)
    const text = await response.text()
    const answer = JSON.parse(text)
    if (response.status !== 200 || answer.id !== value || answer.result.params.arguments.value !== value)
      throw new Error(`The call ${value} was answered ${response.status} ${text.slice(0, 300)}`)
  }
  await listen(url, session, { method: 'DELETE' })
  return count
}

function judge(request: RawRequest, answer: string): string | undefined {
  if (answer === '') return request.answered ? 'No answer came.' : undefined
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1])
  if (status === 100) return undefined
  if (!allowed.includes(status)) return `The answer is ${status || 'no HTTP'}.`
  // What follows the head of an answer to HEAD is the answer to another request.
  if (Buffer.concat(request.pieces).subarray(0, 5).toString() === 'HEAD ') return undefined
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  const body = rest.join('\r\n\r\n').slice(0, length)
  // Who leaves early may have half of it.
  if (status < 400 || body.length < length || !/^content-type: application\/json/im.test(head)) return undefined
  return isError(body) ? undefined : 'The body is no JSON-RPC error.'
}

function isError(text: string): boolean {
  try {
    const { jsonrpc, error, id } = JSON.parse(text)
    return jsonrpc === '2.0' && Number.isInteger(error.code) && typeof error.message === 'string' && id !== undefined
  } catch {
    return false
  }
}

function show({ pieces, end }: RawRequest): string {
  const shortened = (text: string) => text.replaceAll(/(.)\1{99,}/g, (run, char) => `${char}{${run.length}}`)
  return `${JSON.stringify(pieces.map((piece) => shortened(piece.toString('latin1')))).slice(0, 3000)}, then ${end}`
}
