import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('../../../.gantry', import.meta.url))

/** The official suite, the Node that it needs (of this platform), the Inspector and the reference server. */
const packages = {
  '@modelcontextprotocol/conformance': '0.2.0-alpha.12',
  '@modelcontextprotocol/inspector': '0.22.0',
  '@modelcontextprotocol/server-everything': '2026.8.31',
  [`node-${process.platform}-${process.arch}`]: '22.20.0',
}

export type Suite = { node: string; conformance: string; inspector: string; everything: string }

/** Fetches it once; later runs find it where it is. */
export function installSuite(): Suite {
  const directory = join(home, `conformance-${createHash('sha256').update(JSON.stringify(packages)).digest('hex').slice(0, 8)}`)
  if (!existsSync(directory)) install(directory)
  const module = (path: string) => join(directory, 'node_modules', path)
  return {
    node: module(`node-${process.platform}-${process.arch}/bin/node`),
    conformance: module('@modelcontextprotocol/conformance'),
    inspector: module('@modelcontextprotocol/inspector/cli/build/cli.js'),
    everything: module('@modelcontextprotocol/server-everything/dist/index.js'),
  }
}

function install(directory: string): void {
  mkdirSync(home, { recursive: true })
  const partial = mkdtempSync(join(home, 'conformance-'))
  try {
    writeFileSync(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
    execFileSync('npm', ['install', '--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund'], {
      cwd: partial,
      stdio: 'pipe',
    })
    renameSync(partial, directory)
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(directory)) throw error
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}
