import { RequestError } from '@octokit/request-error'
import type { EndpointOptions, OctokitResponse, RequestInterface } from '@octokit/types'
import { GantryError } from '../../../schema/error-code.ts'
import type { Clock } from '../../ports.ts'

/** The sweep that calls has a minute: what would wait longer is left to the next one. */
const patienceMilliseconds = 30_000
const mostTries = 4

/**
 * Sends a call, and again when GitHub's headers allow it: rate limits and what it could not answer. Throws GantryError UNAVAILABLE
 * with the time to try again; until then nothing is sent at all, as GitHub asks for.
 */
export function createPatience({ clock, answerWithinMilliseconds }: { clock: Clock; answerWithinMilliseconds: number }) {
  let closedUntil = 0
  const now = () => clock.now().getTime()

  return async function send(request: RequestInterface, options: Required<EndpointOptions>): Promise<OctokitResponse<unknown>> {
    let waited = 0
    for (let tries = 1; ; tries++) {
      if (closedUntil > now()) throw limited(closedUntil)
      try {
        return whole(await request(withTimeout(options, answerWithinMilliseconds)), options)
      } catch (error) {
        if (!(error instanceof RequestError)) throw error
        const limit = limitOf(error, now())
        const wait = limit ?? pauseOf(error, options, tries)
        if (wait === undefined) throw error
        if (waited + wait > patienceMilliseconds || tries >= mostTries) {
          if (limit === undefined) throw error
          closedUntil = now() + wait
          throw limited(closedUntil)
        }
        waited += wait
        await clock.sleep(wait)
      }
    }
  }
}

const withTimeout = (options: Required<EndpointOptions>, milliseconds: number) => ({
  ...options,
  request: { ...options.request, signal: AbortSignal.timeout(milliseconds) },
})

/** Octokit takes an answer that broke off in the middle for text. */
function whole(response: OctokitResponse<unknown>, options: Required<EndpointOptions>): OctokitResponse<unknown> {
  if (response.status === 204 || typeof response.data === 'object') return response
  throw new RequestError('the answer broke off', 502, { request: options })
}

/** How long GitHub closes the door, in milliseconds; undefined where this is no rate limit. */
function limitOf({ status, response, message }: RequestError, now: number): number | undefined {
  if (status !== 429 && status !== 403) return
  const headers = response?.headers ?? {}
  const after = secondsIn(headers['retry-after'])
  if (after !== undefined) return after * 1000
  const reset = secondsIn(headers['x-ratelimit-reset'])
  if (headers['x-ratelimit-remaining'] === '0' && reset !== undefined) return Math.max(reset * 1000 - now, 1000)
  // Without a header its documentation asks for a minute.
  return status === 429 || /rate limit/i.test(message) ? 60_000 : undefined
}

/** After 5xx, or no answer. What would be said twice is not sent again: the next sweep looks whether it was taken. */
function pauseOf({ status, response }: RequestError, { method, url }: Required<EndpointOptions>, tries: number): number | undefined {
  if (status < 500 || (method === 'POST' && /\/(comments|reviews)$/.test(url))) return
  const after = secondsIn(response?.headers['retry-after'])
  return after === undefined ? 1000 * 2 ** (tries - 1) : after * 1000
}

const secondsIn = (header: unknown): number | undefined => (/^\d{1,10}$/.test(String(header)) ? Number(header) : undefined)

const limited = (until: number) =>
  new GantryError('UNAVAILABLE', `GitHub's rate limit is used up; it takes calls again at ${new Date(until).toISOString()}.`)
