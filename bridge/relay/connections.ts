import { connect } from 'node:net'
import { createResponseParser, type ResponseSink } from './parse-response.ts'

/** Where a server listens: an IPv4 address and a port. */
export type Address = { readonly host: string; readonly port: number }

/** One request and its answer on a connection. */
type Exchange = ResponseSink & {
  /** How long it may take until a new connection is made, or something comes on a kept one; absent where that is nobody's concern here. */
  readonly patienceMs?: number | undefined
  /** Everything that came at once has been passed. */
  onPassed(): void
  /** The server takes more of the request. */
  onDrain(): void
  /** Comes at most once and ends the exchange. */
  onFailure(error: NodeJS.ErrnoException): void
}

export type Connection = {
  readonly address: Address
  /** It has served an exchange before, so the server may have closed it. */
  readonly kept: boolean
  begin(exchange: Exchange): void
  /** False where the server does not keep up. */
  write(data: Buffer | string): boolean
  /** Holds what is written, so that it leaves in one piece, */
  cork(): void
  /** until this. */
  uncork(): void
  pause(): void
  resume(): void
  /** The exchange is over; another may use the connection. */
  release(): void
  /** The exchange is over, and so is the connection. */
  destroy(): void
}

export type Connections = {
  /** One that is kept, or a new one. */
  take(address: Address): Connection
  /** A new one. */
  open(address: Address): Connection
  destroy(): void
}

// Below the 5 s after which most servers close an idle connection, so that a call never meets one that is closing.
const idleMs = 3000

/** Keep-alive connections, to whichever servers. */
export function createConnections(): Connections {
  const idle: Connection[] = []
  const all = new Set<Connection>()

  const open = (address: Address): Connection => {
    // The listener keeps the process, not a connection that is kept.
    const socket = connect({ ...address, noDelay: true }).unref()
    const parser = createResponseParser()
    let exchange: Exchange | undefined
    let kept = false
    let overdue: NodeJS.Timeout | undefined

    const end = () => {
      clearTimeout(overdue)
      exchange = undefined
      all.delete(connection)
      if (idle.includes(connection)) idle.splice(idle.indexOf(connection), 1)
      socket.destroy()
    }
    const fail = (error: Error) => {
      const failed = exchange
      end()
      failed?.onFailure(error)
    }
    const attempt = (act: () => void) => {
      try {
        act()
      } catch (error) {
        fail(error as Error)
      }
    }
    const failAfter = (ms: number) => {
      overdue = setTimeout(() => fail(new Error(`${kept ? 'no answer' : 'no connection'} within ${ms} ms`)), ms)
      socket.once(kept ? 'data' : 'connect', () => clearTimeout(overdue))
    }
    socket.on('data', (chunk) =>
      attempt(() => {
        const { onPassed } = exchange ?? {}
        parser.take(chunk)
        onPassed?.()
      }),
    )
    socket.on('drain', () => exchange?.onDrain())
    socket.on('end', () =>
      attempt(() => {
        parser.finish()
        end()
      }),
    )
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the connection was closed')))
    socket.setTimeout(idleMs, () => exchange ?? end())
    const connection: Connection = {
      address,
      get kept() {
        return kept
      },
      begin: (next) => {
        exchange = next
        parser.expect(next)
        if (next.patienceMs !== undefined) failAfter(next.patienceMs)
      },
      write: (data) => socket.write(data, 'latin1'),
      cork: () => socket.cork(),
      uncork: () => socket.uncork(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      release: () => {
        exchange = undefined
        kept = true
        if (socket.isPaused()) socket.resume()
        if (socket.readyState === 'open') idle.push(connection)
      },
      destroy: end,
    }
    all.add(connection)
    return connection
  }
  return {
    take: (address) => {
      const known = idle.findLast(({ address: { host, port } }) => host === address.host && port === address.port)
      if (!known) return open(address)
      idle.splice(idle.indexOf(known), 1)
      return known
    },
    open,
    destroy: () => {
      for (const connection of all) connection.destroy()
    },
  }
}
