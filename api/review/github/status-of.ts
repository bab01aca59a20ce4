import { RequestError } from '@octokit/request-error'

/** The HTTP status that GitHub refused with; undefined for any other error. */
export const statusOf = (error: unknown): number | undefined => (error instanceof RequestError && error.response ? error.status : undefined)

/** What is told where GitHub refuses with one of these statuses. */
export async function unless<T, O>(statuses: readonly number[], call: Promise<T>, otherwise: O): Promise<T | O> {
  return call.catch((error: unknown) => {
    if (statuses.includes(statusOf(error) ?? 0)) return otherwise
    throw error
  })
}
