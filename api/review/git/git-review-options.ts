import type { Log } from '../../ports.ts'

export interface GitReviewOptions {
  /** Path or URL of a bare repository. */
  readonly remote: string
  /** The branch that says what is approved. */
  readonly main: string
  /** A directory of this provider's own; the cache below it is made at first use and made anew when it is broken. */
  readonly directory: string
  /** Of the commits and notes it makes. */
  readonly author: { readonly name: string; readonly email: string }
  /** Of each call of git; default 20 s. */
  readonly timeoutMilliseconds?: number
  /** Told of branches that were passed over. */
  readonly log?: Log
}
