import type { IncomingHttpHeaders } from 'node:http'

/** The intercepts' key where the headers alone say it: JSON protocols. */
export function identifyByTarget(headers: IncomingHttpHeaders): string | undefined {
  const target = headers['x-amz-target']
  return typeof target === 'string' ? target : undefined
}

/** Query protocol: only the body says which operation it is. */
export function isForm(headers: IncomingHttpHeaders): boolean {
  return (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

export function identifyByForm(form: URLSearchParams): string | undefined {
  const action = form.get('Action')
  return action === null ? undefined : `${form.get('Version')}.${action}`
}
