/** A stdio MCP server in one argument: its tool `environment` returns the process's own environment, `arguments` its argv. */
const program = `
const tools = ['environment', 'arguments'].map((name) => ({ name, inputSchema: { type: 'object' } }))
const results = {
  initialize: (params) => ({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1' } }),
  ping: () => ({}),
  'tools/list': () => ({ tools }),
  'tools/call': ({ name }) => ({ content: [{ type: 'text', text: JSON.stringify(name === 'environment' ? process.env : process.argv) }] }),
}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) return
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: results[method](params ?? {}) }) + '\\n')
})
`

/** Starts within a tenth of a second and downloads nothing. */
export const tinyServer = (...more: string[]): string[] => ['node', '-e', program, ...more]
