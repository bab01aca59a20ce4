import { errorMessage } from '../refuse.ts'
import { isRecord } from '../stdio/parse-body.ts'
import { joinParts, readMember } from './json-object.ts'
import { statelessCode } from './revision.ts'
import type { Running } from './running.ts'

export type Questions = {
  /** Puts a request of the server to the client of a call; false where no call's client can be asked. */
  put(runnings: Iterable<Running>, id: string, method: string, line: Buffer): boolean
  /** Takes the call that a retry goes on with; undefined where there is none. */
  find(state: string, retry: Running): Running | undefined
  /** Gives the server the client's answers, and the call the retry's way back. */
  resume(running: Running, retry: Running, responses: unknown): void
}

type Options = {
  tell: (id: string, result: unknown) => void
  /** The call will not be gone on with. */
  onDrop: (running: Running) => void
  newState: () => string
  holdSeconds: number
}

const capabilityFor: Record<string, string> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
}
// What is asked at once comes in several pieces, and is to be presented at once.
const togetherMs = 20
const asking = ['tools/call', 'prompts/get', 'resources/read']

/**
 * What a server of the 2025 revisions asks its client in the middle of a call. The call's client gets the question as its answer and
 * calls again with what was asked for; until then the server's own call waits.
 */
export function createQuestions({ tell, onDrop, newState, holdSeconds }: Options): Questions {
  const held = new Map<string, { running: Running; expiry: NodeJS.Timeout }>()
  let count = 0

  const refuse = (running: Running, capability: string) => {
    const { reply } = running
    onDrop(running)
    const error = errorMessage(statelessCode.missingCapability, `The server needs a client with ${capability}.`, running.id, {
      requiredCapabilities: { [capability]: {} },
    })
    reply?.send(Buffer.from(error), statelessCode.missingCapability)
  }
  const present = (running: Running) => {
    const { reply } = running
    if (!reply) return
    const state = newState()
    const expire = () => {
      held.delete(state)
      onDrop(running)
    }
    held.set(state, { running, expiry: setTimeout(expire, holdSeconds * 1000).unref() })
    running.reply = undefined
    const requests = [...running.questions].map(([key, { request }]) => `${JSON.stringify(key)}:${request}`)
    const result = `{"resultType":"input_required","inputRequests":{${requests}},"requestState":"${state}"}`
    reply.send(Buffer.from(`{"jsonrpc":"2.0","id":${running.id},"result":${result}}`))
  }
  return {
    put: (runnings, id, method, line) => {
      const capability = capabilityFor[method]
      const able = [...runnings].filter((call) => asking.includes(call.method))
      if (!capability || able.length === 0) return false
      // Which call a request belongs to is not said: the newest is the likeliest.
      const running = able.findLast((call) => isRecord(call.capabilities[capability]))
      if (!running) {
        const [only, other] = able
        // Servers ask for roots at any time, and live without; the rest they ask for a call that needs it.
        if (only && !other && capability !== 'roots') refuse(only, capability)
        return false
      }
      const params = readMember(line, 'params') ?? Buffer.from('{}')
      const request = joinParts([`{"method":${JSON.stringify(method)},"params":`, params, '}']).toString()
      if (running.questions.size === 0) setTimeout(present, togetherMs, running)
      running.questions.set(`question-${++count}`, { id, request })
      return true
    },
    find: (state, { method, name }) => {
      const { running, expiry } = held.get(state) ?? {}
      if (running?.method !== method || running.name !== name) return undefined
      clearTimeout(expiry)
      held.delete(state)
      return running
    },
    resume: (running, { id, progressToken, logLevel, reply }, responses) => {
      Object.assign(running, { id, progressToken, logLevel, reply })
      const given = isRecord(responses) ? responses : {}
      for (const [key, question] of running.questions) {
        if (!isRecord(given[key])) continue
        running.questions.delete(key)
        tell(question.id, given[key])
      }
      if (running.answer) reply?.answer(running.answer)
      else if (running.questions.size > 0) present(running)
    },
  }
}
