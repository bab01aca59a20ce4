import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * A loopback address in front of `url` that adds headers to each call, because the suite and the Inspector cannot. Its own name in Host
 * and Origin becomes that of what stands behind; any other name passes as it came.
 */
export async function startRelay(url: string, added: Record<string, string>): Promise<string> {
  const { hostname, port, host, pathname } = new URL(url)
  const server = createServer((req, res) => {
    const onward = request({ hostname, port, method: req.method, path: req.url, headers: { ...renamed(req, own, host), ...added } })
    onward.on('response', (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers)
      res.flushHeaders()
      response.on('error', () => res.destroy())
      response.pipe(res)
    })
    onward.on('error', () => res.destroy())
    res.once('close', () => onward.destroy())
    req.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const own = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return `http://${own}${pathname}`
}

function renamed({ headers }: IncomingMessage, own: string, other: string): Record<string, string | string[] | undefined> {
  const { host, origin } = headers
  return {
    ...headers,
    ...(host === own && { host: other }),
    ...(origin === `http://${own}` && { origin: `http://${other}` }),
  }
}
