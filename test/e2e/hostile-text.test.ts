import { expect, it } from 'vitest'
import { controlPlane, mcpClient } from '../support/control-plane.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)

const hostile = {
  FILE: '${file("/etc/passwd")}',
  TEMPLATE: '%{ if true }x%{ endif }',
  ESCAPED: '$${a} %%{b} $(id) `id` \\${c}',
  QUOTES: `it's "quoted" \\ and \t tabbed`,
  LINES: 'first\nsecond\r\nthird',
  PROTOTYPE: '__proto__',
  UNICODE: 'grüße 😀 \u2028',
}

it('hands every hostile text to the process byte for byte, as environment and as argument', async () => {
  const { run } = await gantry.create({
    name: 'Hostile',
    description: hostile.FILE,
    serverType: 'stdio',
    startCommand: tinyServer(...Object.values(hostile)),
    environment: hostile,
  })
  expect(run).toMatchObject({ status: 'SUCCEEDED' })
  const client = await mcpClient(`${sandbox.url}/mcp/hostile/mcp`, sandbox.adminKey)
  const read = async (name: string) => {
    const { content } = (await client.callTool({ name })) as { content: { text: string }[] }
    return JSON.parse(content[0]?.text ?? '')
  }
  expect(await read('environment')).toMatchObject(hostile)
  expect((await read('arguments')).slice(-Object.keys(hostile).length)).toEqual(Object.values(hostile))
  await client.close()
})

it.each(['${TfToken[TOKEN.0]}', '#{TfToken[TOKEN.1]}'])('refuses %s with the path of the field', async (text) => {
  const { status, body } = await gantry.call('POST', '/servers', {
    name: 'Token',
    serverType: 'stdio',
    startCommand: ['node'],
    description: text,
    environment: { A: text },
  })
  expect(status).toBe(422)
  expect((body as { errors: { path: string }[] }).errors.map((error) => error.path)).toEqual(['description', 'environment.A'])
})
