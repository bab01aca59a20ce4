import type { StatelessReply } from './stateless-reply.ts'

/** A client's request under way. */
export type Running = {
  /** As the client gave it. */
  id: string
  method: string
  /** Of the tool, prompt or resource that it is for. */
  name: unknown
  headers: readonly string[]
  progressToken: string | undefined
  logLevel: unknown
  /** What its client can be asked for. */
  capabilities: Readonly<Record<string, unknown>>
  /** The way to the client; absent while the client gathers what the server asked for. */
  reply: StatelessReply | undefined
  /** The server's questions that are not answered yet, by the keys that the client has for them. */
  questions: Map<string, Question>
  /** The server's answer, where it came while the client was away. */
  answer?: Buffer
}

/** A request of the server: its id there, and its method and params as JSON text. */
type Question = { id: string; request: string }
