/**
 * A stdio MCP server in one argument, which says things when a test wants them said. Its tools: `count` sends progress `steps` times;
 * `halt` sends it once, again when `notifications/go` comes, and then answers; `wait` answers after `ms`; `measure` tells how long `text`
 * is; `announce` sends a log message that belongs to no call.
 */
const program = `
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const progress = (progressToken, progress) => send({ method: 'notifications/progress', params: { progressToken, progress } })
let go
const gone = new Promise((resolve) => { go = resolve })
const tools = {
  count: async ({ steps }, token) => { for (let step = 1; step <= steps; step++) progress(token, step) },
  halt: async (_, token) => { progress(token, 1); await gone; progress(token, 2) },
  wait: ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms)),
  measure: async ({ text }) => text.length,
  announce: async () => send({ method: 'notifications/message', params: { level: 'info', data: 'announced' } }),
}
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {}, logging: {} }, serverInfo: { name: 'streaming', version: '1' } }),
  ping: () => ({}),
  'tools/list': () => ({ tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })) }),
  'tools/call': async ({ name, arguments: given, _meta }) => {
    const value = await tools[name](given, _meta?.progressToken)
    return { content: [{ type: 'text', text: String(value ?? 'done') }] }
  },
}
require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'notifications/go') go()
  if (id !== undefined) send({ id, result: await results[method](params ?? {}) })
})
`

export const streamingServer: string[] = ['node', '-e', program]
