import { type KeyObject, randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import { leastOf } from './description.ts'
import { type Answer, created, type Handlers, ok } from './handler.ts'

export interface AppOf {
  readonly appId: number
  readonly slug: string
  readonly publicKey: KeyObject
}

/** Who a caller is: by a token, or as an App by a JWT and by the installation tokens it was given. */
export function createIdentities(token: { value: string; login: string }, app: AppOf | undefined) {
  const given = new Set<string>()
  async function loginOf(authorization: string, path: string): Promise<string | undefined> {
    const [scheme, secret = ''] = authorization.split(' ')
    if (path === '/app' || path.startsWith('/app/')) return scheme === 'bearer' && app ? verified(app, secret) : undefined
    if (scheme !== 'token') return undefined
    if (given.has(secret)) return `${app?.slug}[bot]`
    return secret === token.value ? token.login : undefined
  }
  function giveToken(): Answer {
    const value = `ghs_${randomUUID().replaceAll('-', '')}`
    given.add(value)
    return created({
      token: value,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: {},
      repository_selection: 'selected',
    })
  }
  const handlers: Handlers = {
    'GET /user': ({ login }) => ok({ ...leastOf('public-user'), login }),
    'GET /app': () => ok({ ...leastOf('integration'), slug: app?.slug }),
    'POST /app/installations/{installation_id}/access_tokens': giveToken,
  }
  return { loginOf, handlers, revokeAll: () => given.clear() }
}

/** As GitHub takes it: RS256, of this App, at most ten minutes long. */
async function verified({ appId, publicKey, slug }: AppOf, jwt: string): Promise<string | undefined> {
  const read = await jwtVerify(jwt, publicKey, { algorithms: ['RS256'], issuer: String(appId), clockTolerance: 5 }).catch(() => undefined)
  const { iat = 0, exp = Number.POSITIVE_INFINITY } = read?.payload ?? {}
  return read && exp - iat <= 600 ? `${slug}[bot]` : undefined
}
