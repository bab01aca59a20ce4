export interface Snippets {
  /** `claude_desktop_config.json`; it knows processes only, so `mcp-remote` goes between. */
  readonly claudeDesktop: string
  /** A command to run. */
  readonly claudeCode: string
  /** `.vscode/mcp.json` */
  readonly vscode: string
  /** `.cursor/mcp.json` */
  readonly cursor: string
  /** A command that asks the server for its name. */
  readonly curl: string
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2)

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'curl', version: '1' } },
}

/**
 * What to paste into which client. `id` is a-z and 0-9, `url` ends in it, and `authorization` is a bearer token of ours or
 * the placeholder: none of them needs quoting beyond what is here.
 */
export function connectionSnippets({ id, url, authorization }: { id: string; url: string; authorization: string }): Snippets {
  const headers = { Authorization: authorization }
  const remote = ['-y', 'mcp-remote', url, '--header', `Authorization:$\{AUTHORIZATION}`]
  return {
    claudeDesktop: json({ mcpServers: { [id]: { command: 'npx', args: remote, env: { AUTHORIZATION: authorization } } } }),
    claudeCode: `claude mcp add --transport http ${id} ${url} --header "Authorization: ${authorization}"`,
    vscode: json({ servers: { [id]: { type: 'http', url, headers } } }),
    cursor: json({ mcpServers: { [id]: { url, headers } } }),
    curl: [
      `curl -sS '${url}'`,
      `-H 'Authorization: ${authorization}'`,
      `-H 'Content-Type: application/json'`,
      `-H 'Accept: application/json, text/event-stream'`,
      `-d '${JSON.stringify(initialize)}'`,
    ].join(' \\\n  '),
  }
}
