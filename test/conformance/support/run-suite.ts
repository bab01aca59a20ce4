import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { installSuite } from './install-suite.ts'

type Check = { id: string; status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'; errorMessage?: string }

export type Outcome = {
  passed: number
  skipped: number
  /** What failed or was warned of, a line each, of the scenarios that the revision requires. */
  problems: string[]
  /** The required scenarios in which something failed. */
  failed: string[]
}

/** Runs what a revision requires against a server; what the suite only reports is not looked at. */
export async function runSuite(url: string, revision: string): Promise<Outcome> {
  const { node, conformance } = installSuite()
  const required: string[] = parse(readFileSync(join(conformance, 'requirements', `${revision}.yaml`), 'utf8')).server
  const results = mkdtempSync(join(tmpdir(), 'gantry-conformance-'))
  try {
    const program = join(conformance, 'dist/index.js')
    await exited(node, [program, 'server', '--url', url, '--requirements', revision, '--output-dir', results])
    const checks = required.flatMap((scenario) => readChecks(results, scenario).map((check) => ({ scenario, ...check })))
    const bad = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    return {
      passed: checks.filter(({ status }) => status === 'SUCCESS').length,
      skipped: checks.filter(({ status }) => status === 'SKIPPED').length,
      problems: bad.map(({ scenario, id, status, errorMessage }) => `${status} ${scenario} ${id}: ${errorMessage}`),
      failed: required.filter((scenario) => bad.some((check) => check.scenario === scenario && check.status === 'FAILURE')),
    }
  } finally {
    rmSync(results, { recursive: true })
  }
}

/** A scenario that left no results failed as a whole. */
function readChecks(results: string, scenario: string): Check[] {
  const directory = readdirSync(results).find((name) => new RegExp(`^server-${scenario}-\\d`).test(name))
  if (!directory) return [{ id: 'results', status: 'FAILURE', errorMessage: 'none' }]
  return JSON.parse(readFileSync(join(results, directory, 'checks.json'), 'utf8'))
}

/** Its exit code also counts failures, which the results tell one by one. */
function exited(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, () => resolve())
    child.once('error', reject)
  })
}
