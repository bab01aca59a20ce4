// The smallest server over HTTP with an echo tool, so that what a relay adds is not lost in what the server takes.
import { createServer } from 'node:http'

createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk))
  req.on('end', () => {
    const { id, params } = JSON.parse(Buffer.concat(chunks))
    const content = [{ type: 'text', text: `Echo: ${params?.arguments?.message}` }]
    const body = JSON.stringify({ jsonrpc: '2.0', id, result: { content } })
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
