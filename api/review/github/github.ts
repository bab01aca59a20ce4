import type { Endpoints, RequestInterface } from '@octokit/types'
import type { Clock, Log } from '../../ports.ts'

/** One repository on GitHub, as the calls of this folder need it. Its calls throw octokit's RequestError. */
export interface GitHub {
  readonly call: RequestInterface
  readonly at: { readonly owner: string; readonly repo: string }
  readonly main: string
  readonly clock: Clock
  readonly log: Log
  /** The login that our own comments and reviews carry. */
  me(): Promise<string>
}

export type Pull = Endpoints['GET /repos/{owner}/{repo}/pulls/{pull_number}']['response']['data']
export type ListedPull = Endpoints['GET /repos/{owner}/{repo}/pulls']['response']['data'][number]

export type Credentials =
  | { readonly type: 'token'; token(): Promise<string> }
  | { readonly type: 'app'; readonly appId: number; readonly installationId: number; privateKey(): Promise<string> }
