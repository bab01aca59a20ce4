import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** busybox.net's own build for x86_64 on musl, as npm has it. */
const packed = { name: 'busybox-static', version: '1.35.0', sha256: '6e123e7f3202a8c1e9b1f94d8941580a25135382b99e8d3e34fb858bba311348' }

const home = fileURLToPath(new URL('../../../.gantry', import.meta.url))

/** The path of a program that needs no library and is a shell as well; fetched once. */
export function staticBusybox(): string {
  const program = join(home, `${packed.name}-${packed.version}`)
  if (!existsSync(program)) fetchBusybox(program)
  const sha256 = createHash('sha256').update(readFileSync(program)).digest('hex')
  if (sha256 !== packed.sha256) throw new Error(`${program} has SHA-256 ${sha256}: expected ${packed.sha256}.`)
  return program
}

function fetchBusybox(program: string): void {
  mkdirSync(home, { recursive: true })
  const directory = mkdtempSync(join(home, 'busybox-'))
  try {
    const run = (file: string, ...args: string[]) => execFileSync(file, args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' })
    const archive = run('npm', 'pack', '--silent', '--ignore-scripts', `${packed.name}@${packed.version}`).trim()
    run('tar', '-xzf', archive, 'package/bin/busybox')
    renameSync(join(directory, 'package/bin/busybox'), program)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
