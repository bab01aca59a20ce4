import { createPrivateKey } from 'node:crypto'
import type { RequestInterface } from '@octokit/types'
import { SignJWT } from 'jose'
import { GantryError } from '../../../schema/error-code.ts'
import type { Clock } from '../../ports.ts'
import type { Credentials } from './github.ts'

interface AppOptions {
  readonly credentials: Extract<Credentials, { type: 'app' }>
  readonly repo: string
  readonly clock: Clock
  readonly call: RequestInterface
}

/** All that a review needs, of this one repository. */
const permissions = { contents: 'write', pull_requests: 'write', issues: 'write', statuses: 'write', metadata: 'read' } as const
/** A token lives an hour; it is not used in its last minutes. */
const reserveMilliseconds = 5 * 60_000

/** A GitHub App's installation token, asked for when it is first needed and kept while it lasts. */
export function createAppToken({ credentials, repo, clock, call }: AppOptions) {
  let kept: Promise<{ token: string; expiresAt: number }> | undefined

  async function jwt(): Promise<string> {
    const seconds = Math.floor(clock.now().getTime() / 1000)
    const key = readKey(await credentials.privateKey())
    return new SignJWT()
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(String(credentials.appId))
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + 540)
      .sign(key)
  }

  async function ask() {
    const { data } = await call('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: credentials.installationId,
      repositories: [repo],
      permissions,
      headers: { authorization: `bearer ${await jwt()}` },
    })
    return { token: data.token, expiresAt: Date.parse(data.expires_at) }
  }

  function askAndKeep() {
    const asked = ask()
    kept = asked
    asked.catch(() => {
      if (kept === asked) kept = undefined
    })
    return asked
  }

  async function token(): Promise<string> {
    const found = await (kept ?? askAndKeep())
    if (found.expiresAt - reserveMilliseconds > clock.now().getTime()) return found.token
    // Used whatever its time says: a clock that goes wrong must not ask for ever.
    return (await askAndKeep()).token
  }

  function forget(): boolean {
    const had = kept !== undefined
    kept = undefined
    return had
  }
  return { jwt, token, forget }
}

function readKey(pem: string) {
  try {
    return createPrivateKey(pem)
  } catch {
    // Nothing is kept as cause: it may quote the key.
    throw new GantryError('UNAVAILABLE', "The private key of the GitHub App is not one: expected the PEM file from the App's settings.")
  }
}
