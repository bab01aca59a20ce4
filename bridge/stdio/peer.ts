import type { ClientMessage } from './parse-body.ts'

/** How a peer ended: `exit code 3`, `signal SIGSEGV` or why it never began, and the last lines it wrote where it has a stderr. */
export type PeerEnd = { cause: string; lastLines?: readonly string[] }

/** The server's side of one session: a child of its own, or an event stream to a server that listens beside. */
export type Peer = {
  readonly pid?: number | undefined
  /** `headers` are those of the request that brought the message, as a flat list. */
  write(message: ClientMessage, headers: readonly string[]): void
  /** Resolves once the peer has taken what was written; undefined where it keeps up. */
  drained(): Promise<void> | undefined
  pause(): void
  resume(): void
  /** Lets it end in good order. */
  stop(): void
  /** Ends it at once. */
  kill(): void
}

export type PeerListener = {
  /** One message, or with `cut` a piece of one that is too large. */
  onLine: (line: Buffer, cut: boolean) => void
  onStderr: (line: string) => void
  /** Comes once, after the last line. */
  onEnd: (end: PeerEnd) => void
}

/** Begins the server's side of a session for the request with these headers. Throws where nothing can be begun. */
export type StartPeer = (listener: PeerListener, headers: readonly string[]) => Peer
