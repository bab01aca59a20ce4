import { connect } from 'node:net'
import { createResponseParser, type ResponseSink } from './parse-response.ts'

/** One request and its answer on a connection. */
type Exchange = ResponseSink & {
  /** Everything that came at once has been passed. */
  onPassed(): void
  /** The server takes more of the request. */
  onDrain(): void
  /** Comes at most once and ends the exchange. */
  onFailure(error: NodeJS.ErrnoException): void
}

export type Connection = {
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
  take(): Connection
  destroy(): void
}

// Below the 5 s after which most servers close an idle connection, so that a call never meets one that is closing.
const idleMs = 3000

/** Keep-alive connections to a server on this machine. */
export function createConnections(port: number): Connections {
  const idle: Connection[] = []
  const all = new Set<Connection>()

  const open = (): Connection => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const parser = createResponseParser()
    let exchange: Exchange | undefined

    const end = () => {
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
      begin: (next) => {
        exchange = next
        parser.expect(next)
      },
      write: (data) => socket.write(data, 'latin1'),
      cork: () => socket.cork(),
      uncork: () => socket.uncork(),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      release: () => {
        exchange = undefined
        if (socket.isPaused()) socket.resume()
        if (socket.readyState === 'open') idle.push(connection)
      },
      destroy: end,
    }
    all.add(connection)
    return connection
  }
  return {
    take: () => idle.pop() ?? open(),
    destroy: () => {
      for (const connection of all) connection.destroy()
    },
  }
}
