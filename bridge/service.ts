import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Target } from './resolve-path.ts'

/** A request whose caller is known. */
export type Call = { req: IncomingMessage; res: ServerResponse; sub: string; target: Target }

/** What stands behind the bridge's port: children, or a server of its own. */
export type Service = {
  handle(call: Call): Promise<void> | void
  /** Why the server cannot work; undefined where it can. */
  unhealthy(): Promise<string | undefined> | string | undefined
  /** Takes no new work, ends what only listens and lets calls in flight finish. */
  drain(): void
  /** Ends everything; resolves once no process is left. */
  stop(): Promise<void>
  /** The same without asking. */
  kill(): void
}
