import { RequestError } from '@octokit/request-error'
import { GantryError } from '../../../schema/error-code.ts'

/** What a call needs, by its path. */
const needed: readonly [RegExp, string][] = [
  [/\/(git|contents)\//, 'Contents: write'],
  [/\/statuses\//, 'Commit statuses: write'],
  [/\/(labels|comments)(\/|$)/, 'Issues: write and Pull requests: write'],
  [/\/(pulls|issues)(\/|$)/, 'Pull requests: write'],
  [/\/access_tokens$/, 'to be installed on the repository with Contents, Pull requests, Issues and Commit statuses: write'],
]

/** Does one thing on GitHub; whatever GitHub refuses becomes GantryError UNAVAILABLE that says what to mend. */
export async function explaining<T>(repository: string, act: () => Promise<T>): Promise<T> {
  return act().catch((error: unknown) => {
    throw error instanceof RequestError ? explain(error, repository) : error
  })
}

function explain(error: RequestError, repository: string): GantryError {
  const { method, url } = error.request
  const path = URL.canParse(url) ? new URL(url).pathname : url
  const said = error.message.replace(/ - https:\S+$/, '').slice(0, 300)
  const what = `GitHub answered ${method} ${path} with ${error.status} (${said})`
  const unavailable = (message: string) => new GantryError('UNAVAILABLE', message, { cause: error })
  if (!error.response) return unavailable(`GitHub gave no answer to ${method} ${path} (${said}). Nothing is lost; it is tried again.`)
  if (error.status >= 500) return unavailable(`${what}. Nothing is lost; it is tried again.`)
  if (error.status === 401) return unavailable(`${what}: the credentials of ${repository} are not valid any more. Put new ones in place.`)
  const granted = error.response.headers['x-accepted-github-permissions']
  const permission = granted ?? needed.find(([pattern]) => pattern.test(path))?.[1] ?? 'access to it'
  if (error.status === 403 || error.status === 404)
    return unavailable(`${what}: the credentials of ${repository} need ${permission}, or the branch is protected from them.`)
  return unavailable(`${what}, expected it to be done. Look whether rules of ${repository} forbid it; it needs ${permission}.`)
}
