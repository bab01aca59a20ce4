import { spawn } from 'node:child_process'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SavedPlan } from '../../schema/run.ts'
import { errorMessage, firstError } from '../../terraform/diagnostics.ts'
import { followLines } from '../follow-lines.ts'
import { guardEnvironment } from '../guard/config.ts'
import { type Project, planFile, stackDirectory } from '../project.ts'
import { createResourceEvents } from '../resource-events.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'

const lockTimeoutSeconds = 60

interface GuardResult {
  readonly pid?: number
  readonly exitCode?: number | null
  readonly stderr?: string
}

export interface Deploy {
  readonly project: Project
  readonly plan: SavedPlan
  /** What `terraform version -json` says, so that the guard need not ask. */
  readonly version: string
  readonly makeReady: () => Promise<void>
}

/**
 * `cdktf deploy` of the opened artifact; the guard makes it apply exactly the saved plan. cdktf starts at once, and Terraform
 * when `makeReady` has resolved; where it rejects, Terraform never starts and its error is the deploy's.
 */
export async function deploy(context: RunContext, { project, plan, version, makeReady }: Deploy): Promise<void> {
  const resultFile = join(context.directory, 'guard-result.json')
  const goFile = join(context.directory, 'go')
  const eventsFile = join(context.directory, 'apply-events.jsonl')
  const lines: string[] = []
  const resources = createResourceEvents(context.report)
  const events = await followLines(eventsFile, (line) => {
    lines.push(line)
    resources.line(line)
  })
  const guard = guardEnvironment({
    terraform: context.config.programs.terraform,
    version,
    plan: join(stackDirectory(project), planFile),
    planSha256: plan.planSha256,
    eventsFile,
    resultFile,
    goFile,
    lockTimeoutSeconds,
    runnerPid: process.pid,
  })
  // Terraform alone is interrupted: cdktf would exit at once and leave it behind.
  const interrupt = async (): Promise<void> => interruptTerraform(await readResult(resultFile))
  context.signal.addEventListener('abort', interrupt, { once: true })
  const [ready, deployed] = await Promise.allSettled([letGo(goFile, makeReady), runCdktf(context, project, guard)])
  context.signal.removeEventListener('abort', interrupt)
  await events.stop()
  resources.flush()
  if (ready.status === 'rejected') throw ready.reason
  if (deployed.status === 'rejected') throw deployed.reason
  const cdktf = deployed.value
  const result = await readResult(resultFile)
  if (cdktf.exitCode === 0 && result.exitCode === 0) return
  const error = firstError(lines)
  if (error) throw new RunFailure('APPLY_FAILED', errorMessage(error), error.address ? { resource: error.address } : {})
  context.signal.throwIfAborted()
  const said = result.stderr?.trim() || cdktf.output.trim().slice(-2000)
  throw new RunFailure('APPLY_FAILED', `cdktf deploy ended with exit code ${cdktf.exitCode}: ${said}`)
}

/** The guard holds cdktf until the file says `go`. */
async function letGo(goFile: string, makeReady: () => Promise<void>): Promise<void> {
  try {
    await makeReady()
  } catch (error) {
    await writeAtOnce(goFile, 'stop')
    throw error
  }
  await writeAtOnce(goFile, 'go')
}

async function writeAtOnce(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content)
  await rename(`${file}.new`, file)
}

function runCdktf(
  context: RunContext,
  project: Project,
  guard: Record<string, string>,
): Promise<{ exitCode: number | null; output: string }> {
  const { programs } = context.config
  const args = [programs.cdktf, 'deploy', project.stack, '--skip-synth', '--skip-provider-lock', '--auto-approve']
  const env = {
    ...context.terraformEnvironment,
    ...guard,
    TERRAFORM_BINARY_NAME: programs.guard,
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    DISABLE_VERSION_CHECK: '1',
    CI: '1',
    FORCE_COLOR: '0',
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: project.directory, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

async function readResult(file: string): Promise<GuardResult> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as GuardResult
  } catch {
    // The guard has not started Terraform.
    return {}
  }
}

function interruptTerraform({ pid, exitCode }: GuardResult): void {
  if (pid === undefined || exitCode !== undefined) return
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It has just ended by itself.
  }
}
