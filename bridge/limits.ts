import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/** The bridge's own bounds; none of them is a setting of a definition. */
export type Limits = {
  /** Children alive at once. */
  maxSessions: number
  /** Sessions with a server that listens beside, which cost no process. */
  maxConnectedSessions: number
  /** How long an sse server may take to name its message endpoint. */
  endpointSeconds: number
  /** How long a server is asked for the stateless revision before it gets an initialize. */
  probeSeconds: number
  /** Requests of one session that wait for their answer. */
  maxPending: number
  /** Their ids and progress tokens. */
  maxPendingBytes: number
  /** A request body, or one message of a child. */
  maxMessageBytes: number
  /** A body or message above this is large: */
  largeBytes: number
  /** all large ones that are in memory at once, whosesoever they are. */
  inFlightBytes: number
  /** Who holds memory for longer loses it where others wait for some. */
  patienceSeconds: number
  /** What a session keeps for Last-Event-ID. */
  replayBytes: number
  replayEvents: number
  /** What all sessions together keep of it. */
  replayTotalBytes: number
  /** How long a client may take over the headers of a request, */
  headersSeconds: number
  /** and over all of it. */
  requestSeconds: number
  keepAliveSeconds: number
  /** A session nobody is connected to ends after this, */
  idleSeconds: number
  /** or after this, when its place is wanted. */
  abandonedSeconds: number
  /** A reader that takes nothing for so long loses its connection. */
  stallSeconds: number
  /** A start that is given up after this has failed; before, its client was impatient. */
  startSeconds: number
  /** A server that ends by itself within this after it began to work counts as one that did not start. */
  settleSeconds: number
  /** The wait after the third failed start in a row; each further one doubles it, */
  backoffSeconds: number
  /** up to this. */
  longestBackoffSeconds: number
  /** From SIGTERM to SIGKILL; a fifth of it from the end of stdin to SIGTERM. */
  graceSeconds: number
  /** How long SIGTERM waits for calls in flight: below the 120 s that Fargate grants. */
  drainSeconds: number
  healthCacheSeconds: number
}

/** The defaults, with as many sessions as the memory of this container holds children. */
export function defaultLimits(memoryBytes = containerMemory()): Limits {
  return {
    maxSessions: sessionsIn(memoryBytes),
    maxConnectedSessions: 1000,
    endpointSeconds: 30,
    probeSeconds: 5,
    maxPending: 1000,
    maxPendingBytes: mebibyte,
    maxMessageBytes: 16 * mebibyte,
    largeBytes: 64 * 1024,
    inFlightBytes: Math.max(32 * mebibyte, memoryBytes / 8),
    patienceSeconds: 5,
    replayBytes: mebibyte,
    replayEvents: 500,
    replayTotalBytes: Math.max(4 * mebibyte, memoryBytes / 32),
    headersSeconds: 60,
    requestSeconds: 300,
    keepAliveSeconds: 15,
    idleSeconds: 900,
    abandonedSeconds: 60,
    stallSeconds: 60,
    startSeconds: 30,
    settleSeconds: 5,
    backoffSeconds: 1,
    longestBackoffSeconds: 30,
    graceSeconds: 5,
    drainSeconds: 105,
    healthCacheSeconds: 1,
  }
}

// A Node child was measured at about 27 MB, the bridge itself at up to 60 MB.
function sessionsIn(memoryBytes: number): number {
  return Math.min(500, Math.max(4, Math.floor((memoryBytes / mebibyte - 60) / 30)))
}

function containerMemory(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
