/** The revision of MCP without sessions: every request says all that a server has to know. */
export const statelessRevision = '2026-07-28'

/** The keys of `_meta` that the revision reserves. */
export const metaKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const

/** The error codes of the revision, beside those of JSON-RPC that it gives a status of its own. */
export const statelessCode = {
  methodNotFound: -32601,
  invalidParams: -32602,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const

/** The HTTP status of an error that comes before anything else of its answer. */
export function statusOf(code: number): number {
  if (code === statelessCode.methodNotFound) return 404
  const refusals: number[] = [statelessCode.headerMismatch, statelessCode.missingCapability, statelessCode.unsupportedVersion]
  return refusals.includes(code) ? 400 : 200
}
