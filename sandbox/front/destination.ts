import type { IncomingMessage } from 'node:http'

export interface Destination {
  readonly path: string
  readonly host: string
}

/**
 * Where a request wants to go, or undefined when that is not here.
 * Terraform's processes have this endpoint as HTTP_PROXY, because S3 Control puts the account's number in front of its
 * host name: such requests name a whole URL. A name that does not end in our own is a stray proxy request or a web page
 * that had its own name point to loopback; an Origin is always a web page. The emulator would answer them all.
 */
export function destinationOf(request: IncomingMessage, ownHost: string): Destination | undefined {
  if (request.headers.origin !== undefined) return undefined
  const url = request.url ?? '/'
  const absolute = /^http:\/\/([^/?]+)(.*)$/i.exec(url)
  const host = absolute?.[1] ?? request.headers.host ?? ''
  if (host !== ownHost && !host.endsWith(`.${ownHost}`)) return undefined
  const path = absolute ? absolute[2] || '/' : url
  return { host, path: path.startsWith('/') ? path : `/${path}` }
}
