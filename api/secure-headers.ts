import type { MiddlewareHandler } from 'hono'

/** Nothing of ours is to be framed, sniffed, cached or run as a page; a page sets a policy of its own. */
export const secureHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const set = (name: string, value: string) => c.res.headers.has(name) || c.res.headers.set(name, value)
  set('X-Content-Type-Options', 'nosniff')
  set('X-Frame-Options', 'DENY')
  set('Referrer-Policy', 'no-referrer')
  set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  set('Strict-Transport-Security', 'max-age=31536000')
  set('Cross-Origin-Resource-Policy', 'same-origin')
  set('Cache-Control', 'no-store')
}
