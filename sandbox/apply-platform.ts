import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readPolicyFiles } from '../policy/read-policy-files.ts'
import type { PlatformSynthInput } from '../schema/platform-input.ts'
import { writeCliConfig } from '../terraform/cli-config.ts'
import { errorMessage, firstError } from '../terraform/diagnostics.ts'
import { terraformEnvironment } from '../terraform/environment.ts'
import type { FoundProvider } from '../terraform/find-provider.ts'
import { startTerraform } from '../terraform/run-terraform.ts'

export interface ApplyPlatformOptions {
  /** Everything of the platform's own Terraform: input, synthesized files, state. */
  directory: string
  stacksBundle: string
  input: PlatformSynthInput
  provider: FoundProvider
  /** The AWS side for Terraform and the bundle: endpoint, region, credentials. */
  environment: Readonly<Record<string, string>>
  say(line: string): void
  signal: AbortSignal
}

/** Whether the platform that stands was made from exactly these inputs. */
export function platformIsCurrent(options: Pick<ApplyPlatformOptions, 'directory' | 'stacksBundle' | 'input' | 'provider'>): boolean {
  const file = join(options.directory, 'applied')
  return existsSync(file) && readFileSync(file, 'utf8') === fingerprint(options)
}

/** True while the first apply has not ended: nobody's servers are there yet, so beginning anew loses nothing. */
export const platformIsHalfMade = (directory: string): boolean =>
  existsSync(join(directory, 'begun')) && !existsSync(join(directory, 'applied'))

/** Synthesizes PlatformStack and applies it with the real Terraform. Throws the first diagnostic's own words. */
export async function applyPlatform(options: ApplyPlatformOptions): Promise<void> {
  const { directory, signal, say } = options
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'begun'), '')
  const stack = await synthesize(options)
  const cliConfigFile = join(directory, 'terraform.rc')
  await writeCliConfig(cliConfigFile, options.provider.mirrorDirectory)
  const env = terraformEnvironment(options.environment, cliConfigFile)
  let applied = 0
  const terraform = async (...args: string[]) => {
    signal.throwIfAborted()
    const lines: string[] = []
    const onLine = (line: string) => {
      lines.push(line)
      if (line.includes('"apply_complete"')) if (++applied % 20 === 0) say(`${applied} resources made`)
    }
    const { exitCode, stderr } = await startTerraform({ args, cwd: stack, env, onLine, signal }).done
    if (exitCode !== 0) throw new Error(`terraform ${args[0]} of the platform failed: ${wordsOf(lines, stderr)}`)
  }
  await terraform('init', '-input=false', '-no-color')
  await terraform('apply', '-json', '-auto-approve', '-input=false')
  writeFileSync(join(directory, 'applied'), fingerprint(options))
}

function wordsOf(lines: string[], stderr: string): string {
  const error = firstError(lines)
  if (!error) return stderr.trim() || lines.slice(-20).join('\n')
  return error.address ? `${error.address}: ${errorMessage(error)}` : errorMessage(error)
}

/** Forgets a platform whose first apply never ended. */
export function forgetPlatform(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}

async function synthesize({ directory, stacksBundle, input, environment, signal }: ApplyPlatformOptions): Promise<string> {
  const inputFile = join(directory, 'input.json')
  const outdir = join(directory, 'cdktf.out')
  writeFileSync(inputFile, JSON.stringify(input))
  await promisify(execFile)(process.execPath, [stacksBundle], {
    env: { PATH: environment.PATH, GANTRY_SYNTH_INPUT: inputFile, GANTRY_SYNTH_OUTDIR: outdir },
    signal,
  }).catch((error: Error & { stderr?: string }) => {
    throw error.stderr ? new Error(error.stderr.trim(), { cause: error }) : error
  })
  return join(outdir, 'stacks', 'platform')
}

function fingerprint({ stacksBundle, input, provider }: Pick<ApplyPlatformOptions, 'stacksBundle' | 'input' | 'provider'>): string {
  const hash = createHash('sha256').update(JSON.stringify(input)).update(provider.version).update(readFileSync(stacksBundle))
  const { policies, prices } = input.review
  for (const file of [...Object.values(input.files.lambdas), ...(prices === undefined ? [] : [prices])]) hash.update(readFileSync(file))
  if (policies !== undefined) hash.update(JSON.stringify(readPolicyFiles(policies)))
  return hash.digest('hex')
}
