import { request } from '@octokit/request'
import type { EndpointOptions, RequestInterface } from '@octokit/types'
import { GantryError } from '../../../schema/error-code.ts'
import type { Clock, Log } from '../../ports.ts'
import { createAppToken } from './app-token.ts'
import type { Credentials, GitHub } from './github.ts'
import { createPatience } from './patience.ts'
import { statusOf } from './status-of.ts'

export interface GitHubOptions {
  /** `owner/name` */
  readonly repository: string
  readonly apiUrl: string
  /** The branch whose content counts. */
  readonly main: string
  /** Read again for every call, so that a rotated secret is followed; whoever gives them caches. */
  readonly credentials: Credentials
  /** An answer that takes longer is given up. */
  readonly answerWithinMilliseconds: number
  readonly clock: Clock
  readonly log: Log
}

/** A repository with its credentials and its patience. Nothing is called yet. */
export function connect(options: GitHubOptions): GitHub {
  const [owner = '', repo = ''] = options.repository.split('/')
  const patient = createPatience(options)
  const plain = request.defaults({
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28', 'user-agent': 'gantry' },
  })
  const authorization = createAuthorization(options, repo, plain.defaults({ request: { hook: patient } }) as RequestInterface)
  const call = plain.defaults({
    request: {
      hook: async (send: RequestInterface, sent: Required<EndpointOptions>) => {
        const signed = async () => patient(send, { ...sent, headers: { ...sent.headers, authorization: await authorization.of(sent.url) } })
        return signed().catch((error: unknown) => {
          // A token that was revoked, or is so new that not all of GitHub knows it.
          if (statusOf(error) !== 401 || !authorization.forget()) throw error
          return signed()
        })
      },
    },
  }) as RequestInterface
  let me: Promise<string> | undefined
  const ask = async () => {
    if (options.credentials.type === 'token') return (await call('GET /user')).data.login
    const slug = (await call('GET /app')).data?.slug
    if (slug) return `${slug}[bot]`
    throw new GantryError('UNAVAILABLE', `GitHub gives no name of the App ${options.credentials.appId}, expected its slug.`)
  }
  return {
    call,
    at: { owner, repo },
    main: options.main,
    clock: options.clock,
    log: options.log,
    me: () => {
      me ??= ask().catch((error: unknown) => {
        me = undefined
        throw error
      })
      return me
    },
  }
}

function createAuthorization({ credentials, clock }: GitHubOptions, repo: string, call: RequestInterface) {
  if (credentials.type === 'token') return { of: async () => `token ${(await credentials.token()).trim()}`, forget: () => false }
  const app = createAppToken({ credentials, repo, clock, call })
  return {
    of: async (url: string) => (url === '/app' ? `bearer ${await app.jwt()}` : `token ${await app.token()}`),
    forget: app.forget,
  }
}
