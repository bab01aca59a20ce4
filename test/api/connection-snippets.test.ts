import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { connectionSnippets } from '../../api/connection-snippets.ts'

const url = 'https://gantry.example.com/live/mcp/docs/mcp'
const authorization = `Bearer gantry_${'a'.repeat(16)}_${'b'.repeat(43)}`
const snippets = connectionSnippets({ id: 'docs', url, authorization })
const headers = { Authorization: authorization }
const shell = promisify(execFile)

/** The arguments that a shell hands to a command, by a function of its name. */
async function argumentsOf(command: string, script: string): Promise<string[]> {
  const { stdout } = await shell('/bin/sh', ['-c', `${command}() { printf '%s\\0' "$@"; }\n${script}`])
  return stdout.split('\0').slice(0, -1)
}

describe('connectionSnippets', () => {
  test('gives VS Code, Cursor and Claude Desktop their files', () => {
    expect(JSON.parse(snippets.vscode)).toEqual({ servers: { docs: { type: 'http', url, headers } } })
    expect(JSON.parse(snippets.cursor)).toEqual({ mcpServers: { docs: { url, headers } } })
    const { command, args, env } = JSON.parse(snippets.claudeDesktop).mcpServers.docs
    expect([command, ...args]).toEqual(['npx', '-y', 'mcp-remote', url, '--header', `Authorization:$\{AUTHORIZATION}`])
    expect(env).toEqual({ AUTHORIZATION: authorization })
  })

  test('gives a shell what Claude Code takes', async () => {
    const expected = ['mcp', 'add', '--transport', 'http', 'docs', url, '--header', `Authorization: ${authorization}`]
    expect(await argumentsOf('claude', snippets.claudeCode)).toEqual(expected)
  })

  test('gives a shell what curl sends', async () => {
    const sent = await argumentsOf('curl', snippets.curl)
    expect(sent.slice(0, 4)).toEqual(['-sS', url, '-H', `Authorization: ${authorization}`])
    expect(JSON.parse(sent.at(-1) ?? '')).toMatchObject({ jsonrpc: '2.0', method: 'initialize' })
  })

  test('takes the placeholder as it takes a token', () => {
    const shown = connectionSnippets({ id: 'docs', url, authorization: 'Bearer {GANTRY_BEARER_TOKEN}' })
    for (const snippet of Object.values(shown)) expect(snippet).toContain('Bearer {GANTRY_BEARER_TOKEN}')
  })
})
