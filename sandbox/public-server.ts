import { createServer, type RequestListener, type Server } from 'node:http'

/** The one origin: the data plane below /mcp/, the control plane, docs and console everywhere else. */
export function servePublic(options: { port: number; dataPlane: RequestListener; controlPlane: RequestListener }): Promise<Server> {
  const server = createServer((request, response) => {
    const isDataPlane = /^\/mcp(?:[/?]|$)/.test(request.url ?? '')
    return (isDataPlane ? options.dataPlane : options.controlPlane)(request, response)
  })
  // Streams live as long as API Gateway lets them, and requests may take minutes to arrive.
  server.requestTimeout = 0
  server.keepAliveTimeout = 75_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => resolve(server))
  })
}
