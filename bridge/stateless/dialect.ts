import type { ClientMessage } from '../stdio/parse-body.ts'
import { type JsonParts, joinParts, readMember, rewriteObject } from './json-object.ts'
import { metaKey, statelessCode } from './revision.ts'

/** How a server is spoken to for a stateless client. */
export type Dialect = {
  /** Whether the server can have this method at all. */
  knows(method: string): boolean
  /** A request as one line for the server, with the id that it goes by there. */
  request(message: ClientMessage, id: string): Buffer
  /** The server's answer with the id that the client gave, and the error's code where it is one. */
  answer(line: Buffer, method: string, id: string): { message: Buffer; code?: number }
}

/** For a server of the stateless revision: only ids change. */
export const native: Dialect = {
  knows: () => true,
  request: (message, id) => writeRequest(message, id, [], []),
  answer: (line, method, id) => writeAnswer(line, id, (result) => (method === 'subscriptions/listen' ? retagged(result, id) : [result])),
}

/** What belongs to a subscription, with the id that its client gave. */
export function retagged(text: Buffer, id: string): JsonParts {
  const meta = readMember(text, '_meta') ?? Buffer.from('{}')
  return rewriteObject(text, { _meta: rewriteObject(meta, { [metaKey.subscriptionId]: [id] }) })
}

const sharedMethods = [
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
  'subscriptions/listen',
]
const cacheable = ['server/discover', 'tools/list', 'prompts/list', 'resources/list', 'resources/templates/list', 'resources/read']

/** Nothing is known about how long an answer holds nor whom it is for: it is stale at once and the caller's own. */
const noCaching = { ttlMs: ['0'], cacheScope: ['"private"'] } as const

/** For a server of the 2025 revisions: what they have in common passes, with what the newer one adds. */
export const translated: Dialect = {
  knows: (method) => sharedMethods.includes(method),
  request: (message, id) => writeRequest(message, id, Object.values(metaKey), ['inputResponses', 'requestState']),
  answer: (line, method, id) => {
    const hints = cacheable.includes(method) ? noCaching : {}
    return writeAnswer(line, id, (result) => rewriteObject(result, { resultType: ['"complete"'], ...hints }))
  },
}

function writeRequest({ line, method, progressToken }: ClientMessage, id: string, withoutMeta: string[], withoutParams: string[]): Buffer {
  const params = readMember(line, 'params') ?? Buffer.from('{}')
  const meta = readMember(params, '_meta') ?? Buffer.from('{}')
  const ownMeta = rewriteObject(meta, progressToken === undefined ? {} : { progressToken: [id] }, withoutMeta)
  const ownParams = rewriteObject(params, { _meta: ownMeta }, withoutParams)
  return joinParts([`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`, ...ownParams, '}\n'])
}

function writeAnswer(line: Buffer, id: string, rewrite: (result: Buffer) => JsonParts): { message: Buffer; code?: number } {
  const result = readMember(line, 'result')
  if (result) return { message: joinParts([`{"jsonrpc":"2.0","id":${id},"result":`, ...rewrite(result), '}']) }
  const error = readMember(line, 'error') ?? Buffer.from('{}')
  const code = todaysCode(readCode(error))
  return { message: joinParts([`{"jsonrpc":"2.0","id":${id},"error":`, ...rewriteObject(error, { code: [String(code)] }), '}']), code }
}

// Two codes of the 2025 revisions have other numbers now.
function todaysCode(code: number): number {
  if (code === -32002) return statelessCode.invalidParams
  return code === -32042 ? statelessCode.missingCapability : code
}

function readCode(error: Buffer): number {
  const code = Number(readMember(error, 'code')?.toString())
  return Number.isInteger(code) ? code : -32603
}
