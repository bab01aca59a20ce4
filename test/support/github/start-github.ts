import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAnswers } from './answers.ts'
import { faultsOfRequest, faultsOfResponse, operation } from './description.ts'
import { type AppOf, createIdentities } from './handle-apps.ts'
import { handleGit } from './handle-git.ts'
import { handleIssues } from './handle-issues.ts'
import { handlePulls } from './handle-pulls.ts'
import { type Answer, notFound, unprocessable, type World } from './handler.ts'
import { createHub } from './hub.ts'

/** What goes wrong with a call: another answer, none, one cut off in the middle, or one that is lost after the deed. */
export type Trouble =
  | 'pass'
  | 'dropped'
  | 'hang'
  | 'cut'
  | 'lost'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly message?: string }

/**
 * GitHub on loopback: it holds every request and every answer of its own to GitHub's published description and keeps what does not
 * fit in `violations`.
 */
export async function startGitHub(options: { repository?: string; app?: AppOf } = {}) {
  const repository = options.repository ?? 'octo-org/servers'
  const hub = createHub(repository)
  const answers = createAnswers(hub)
  const rules: RegExp[] = []
  const world: World = { hub, answers, isProtected: (ref) => rules.some((rule) => rule.test(ref)) }
  const identities = createIdentities({ value: 'ghp_test', login: 'gantry' }, options.app)
  const handlers = { ...handleGit(world), ...handlePulls(world), ...handleIssues(world), ...identities.handlers }
  const operations = Object.entries(handlers).map(([route, handle]) => ({ ...operation(route), handle }))
  const requests: string[] = []
  const violations: string[] = []
  const troubles: { on: RegExp; times: number; trouble: Trouble }[] = []

  function troubleOf(call: string): Trouble | undefined {
    const next = troubles.find(({ on, times }) => times > 0 && on.test(call))
    if (!next) return
    next.times -= 1
    return next.trouble
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://github.test')
    const found = operations.find(({ method, pattern }) => method === request.method && pattern.test(url.pathname))
    if (!found) return violated([`GitHub has no ${request.method} ${url.pathname}, or its fake does not know it`])
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const body = text === '' ? undefined : JSON.parse(text)
    const login = await identities.loginOf(request.headers.authorization ?? '', url.pathname)
    if (!login)
      return { status: 401, body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' } }
    const faults = faultsOfRequest(found, url.searchParams, body)
    if (!request.headers['user-agent']) faults.push('every request names its User-Agent')
    if (faults.length > 0) return violated(faults)
    const params = Object.fromEntries(
      Object.entries(found.pattern.exec(url.pathname)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
    if (params.owner !== undefined && `${params.owner}/${params.repo}` !== repository) return notFound
    const answered = found.handle({ params, query: url.searchParams, body: body ?? {}, login })
    const odd = faultsOfResponse(found, answered.status, answered.body)
    return odd.length > 0 ? violated(odd) : pageOf(answered, url)
  }
  function violated(faults: readonly string[]): Answer {
    violations.push(...faults)
    return unprocessable(faults.join('; '))
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${decodeURIComponent(request.url ?? '')}`
    requests.push(call)
    const trouble = troubleOf(call)
    if (trouble === 'hang') return
    if (trouble === 'dropped') return void request.socket.destroy()
    if (typeof trouble === 'object') {
      const { status, headers = {}, message = 'Trouble' } = trouble
      return void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ message }))
    }
    const { status, body, ...more } = await answer(request)
    if (trouble === 'lost') return void request.socket.destroy()
    const text = body === undefined ? '' : JSON.stringify(body)
    response.writeHead(status, {
      ...(text !== '' && { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) }),
      ...('link' in more && { link: String(more.link) }),
    })
    if (trouble === 'cut') response.write(text.slice(0, text.length / 2), () => request.socket.destroy())
    else response.end(text)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      violations.push(String(error))
      response.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    ...{ hub, answers, requests, violations, rules, repository, close, revokeTokens: identities.revokeAll },
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next calls that match meet this trouble. */
    trouble: (on: RegExp, trouble: Trouble, times = 1) => void troubles.push({ on, times, trouble }),
    calm: () => troubles.splice(0),
  }
}
export type FakeGitHub = Awaited<ReturnType<typeof startGitHub>>

/** A list's page, with a Link to the next. */
function pageOf(answer: Answer, url: URL): Answer & { link?: string } {
  if (!answer.paged) return answer
  const [size, page] = [Number(url.searchParams.get('per_page') ?? 30), Number(url.searchParams.get('page') ?? 1)]
  const whole = (answer.listIn ? (answer.body as Record<string, unknown>)[answer.listIn] : answer.body) as unknown[]
  const part = whole.slice((page - 1) * size, page * size)
  const body = answer.listIn ? { ...(answer.body as object), [answer.listIn]: part } : part
  return { ...answer, body, ...(page * size < whole.length && { link: `<${url.pathname}?page=${page + 1}>; rel="next"` }) }
}
