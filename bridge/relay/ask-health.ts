import { get } from 'node:http'

const timeoutMs = 2000

type Options = { port: number; path: string; cacheSeconds: number }

/** Asks the server itself, one question at a time; any answer below 500 is healthy. The result is why it is not. */
export function createHealthQuestion({ port, path, cacheSeconds }: Options): () => Promise<string | undefined> {
  let answer: Promise<string | undefined> | undefined
  return () => {
    answer ??= ask(port, path).finally(() => setTimeout(() => (answer = undefined), cacheSeconds * 1000).unref())
    return answer
  }
}

function ask(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const accept = 'application/json, text/event-stream, */*;q=0.1'
    const question = get({ host: '127.0.0.1', port, path, agent: false, timeout: timeoutMs, headers: { accept } })
    question.on('response', (response) => {
      const status = response.statusCode ?? 0
      resolve(status < 500 ? undefined : `The server answers ${status} on ${path}.`)
      // It may be a stream that never ends.
      question.destroy()
    })
    question.on('timeout', () => question.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    question.on('error', (error) => resolve(`The server does not answer on port ${port}: ${error.message}.`))
  })
}
