import { createServer } from 'node:net'

function tryListen(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** `wanted` where it can be listened on at `host`, else a free port; ports in `reserved` count as taken. */
export async function findPort(host: string, wanted: number, reserved: ReadonlySet<number>): Promise<number> {
  if (!reserved.has(wanted) && (await tryListen(host, wanted)) === wanted) return wanted
  for (let attempt = 0; attempt < 20; attempt++) {
    const free = await tryListen(host, 0)
    if (free !== undefined && !reserved.has(free)) return free
  }
  throw new Error(`no port is free on ${host}`)
}
