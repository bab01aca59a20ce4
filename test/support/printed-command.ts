import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs the command line that a sandbox printed as a reader would paste it; answers the body and, told by a .curlrc, the status. */
export function runPrintedCommand(printed: string): { status: number; body: unknown } {
  const [, line] = /Send the first definition: (curl .*)/.exec(printed) ?? []
  if (line === undefined) throw new Error(`no command line in: ${printed}`)
  const home = mkdtempSync(join(tmpdir(), 'gantry-curl-'))
  writeFileSync(join(home, '.curlrc'), 'write-out = "\\n%{http_code}"\n')
  const { stdout, stderr, status } = spawnSync('sh', ['-c', line], { encoding: 'utf8', env: { PATH: process.env.PATH, CURL_HOME: home } })
  rmSync(home, { recursive: true })
  if (status !== 0) throw new Error(`${line}\nended with ${status}: ${stderr}`)
  const end = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)) }
}
