import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const versions = {
  '@modelcontextprotocol/server-everything': '2026.8.31',
  'mcp-proxy': '6.7.19',
  supergateway: '4.0.0',
} as const

const programs = {
  everything: '@modelcontextprotocol/server-everything/dist/index.js',
  mcpProxy: 'mcp-proxy/dist/bin/mcp-proxy.mjs',
  supergateway: 'supergateway/dist/index.js',
} as const

export type Programs = Readonly<Record<keyof typeof programs, string>>

/** What the bridge is compared with, installed once into a directory of its own; their start files. */
export async function installFronts(directory: string, say: (line: string) => void, signal: AbortSignal): Promise<Programs> {
  const modules = join(directory, 'node_modules')
  const missing = Object.entries(versions).filter(([name, version]) => installedVersion(join(modules, name)) !== version)
  if (missing.length > 0) {
    say(`installing ${missing.map(([name, version]) => `${name} ${version}`).join(', ')}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies: versions }))
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'], {
      cwd: directory,
      signal,
    })
  }
  const entries = Object.entries(programs).map(([name, file]) => [name, join(modules, file)])
  return Object.fromEntries(entries) as Programs
}

function installedVersion(directory: string): string | undefined {
  const file = join(directory, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}
