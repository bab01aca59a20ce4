import { logRank } from './check-request.ts'
import type { Client } from './client.ts'
import type { Answer, Conversation } from './conversation.ts'
import { type Dialect, native, translated } from './dialect.ts'
import { metaKey, statelessRevision } from './revision.ts'

/** What the servers that were started so far have shown: a property of the program, which each of its processes has. */
export type Era = { known?: 'stateless' | 'sessions' }

export type Greeted = {
  dialect: Dialect
  /** Has a server of the 2025 revisions send the log messages of this level, of which each call gets what it asked for. */
  wantLogs: (level: unknown) => void
  /** What a server of the 2025 revisions answers to `server/discover` through us, as JSON text. */
  discovery?: string
  capabilities: Record<string, unknown>
}

type Options = { conversation: Conversation; era: Era; client: Client; probeSeconds: number }

/**
 * Finds out whether a server speaks the stateless revision, as the revision tells clients to: by `server/discover`,
 * and by `initialize` where that is not answered as it should be. A string says why the server cannot be used.
 */
export async function greet({ conversation, era, client, probeSeconds }: Options): Promise<Greeted | string> {
  if (era.known !== 'sessions') {
    const asked = conversation.ask('server/discover', { _meta: requestMeta(client) })
    // A slow start is no refusal: what comes late counts for the servers started after.
    void asked.then((answer) => {
      if (isStatelessServer(answer)) era.known = 'stateless'
    })
    const answer = await (era.known ? asked : within(asked, probeSeconds))
    if (answer && isStatelessServer(answer))
      return { dialect: native, capabilities: recordOf(answer.result?.capabilities), wantLogs: () => {} }
    if (conversation.session.state === 'ended') return answer?.error?.message ?? ''
  }
  const { result, error } = await conversation.ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: client.capabilities,
    clientInfo: client.info,
  })
  if (!result) return error?.message ?? 'The server refused to initialize.'
  era.known ??= 'sessions'
  conversation.tell('notifications/initialized', {})
  const capabilities = statelessCapabilities(recordOf(result.capabilities))
  return {
    dialect: translated,
    capabilities,
    discovery: discoveryOf(result, capabilities),
    wantLogs: createWantLogs(conversation, capabilities),
  }
}

function isStatelessServer({ result }: Answer): boolean {
  return Array.isArray(result?.supportedVersions) && result.supportedVersions.includes(statelessRevision)
}

/** The `_meta` of the bridge's own requests. */
export function requestMeta({ info }: Client): object {
  return { [metaKey.protocolVersion]: statelessRevision, [metaKey.clientCapabilities]: {}, [metaKey.clientInfo]: info }
}

// Tasks of 2025-11-25 are not those of the extension that took their place.
function statelessCapabilities({ tasks: _, ...capabilities }: Record<string, unknown>): Record<string, unknown> {
  return capabilities
}

function discoveryOf({ serverInfo, instructions }: Record<string, unknown>, capabilities: object): string {
  return JSON.stringify({ supportedVersions: [statelessRevision], capabilities, instructions, _meta: { [metaKey.serverInfo]: serverInfo } })
}

function createWantLogs({ ask }: Conversation, { logging }: Record<string, unknown>): (level: unknown) => void {
  let lowest = Number.POSITIVE_INFINITY
  return (level) => {
    if (!logging || level === undefined || logRank(level) >= lowest) return
    lowest = logRank(level)
    void ask('logging/setLevel', { level })
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000, undefined)
    void promise.then((value) => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}
