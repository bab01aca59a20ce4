import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { appliedOutputs } from './applied-outputs.ts'
import { applySavedPlan } from './apply-saved-plan.ts'
import type { GuardConfig } from './config.ts'
import { waitForGo } from './wait-for-go.ts'

export interface GuardStreams {
  readonly stdout: Writable
  readonly stderr: Writable
}

type Answer = (config: GuardConfig, args: readonly string[], streams: GuardStreams) => Promise<number>

const version: Answer = async (config, args, { stdout }) => {
  const { terraform_version: number } = JSON.parse(config.version) as { terraform_version: string }
  stdout.write(args.includes('-json') ? `${config.version}\n` : `Terraform v${number}\n`)
  return 0
}

/** The runner initializes this very directory with the plan's lock file: once is enough, and it may not be done yet. */
const init: Answer = async (config, _args, { stdout, stderr }) => {
  if (!(await waitForGo(config))) {
    stderr.write('gantry guard: the runner refused the plan\n')
    return 1
  }
  stdout.write('Terraform has been successfully initialized!\n')
  return 0
}

/** What the apply has just told; asking Terraform again costs half a second. */
const output: Answer = async (config, args, { stdout }) => {
  const outputs = await appliedOutputs(config.eventsFile)
  if (!outputs) return askTerraform(config, args)
  stdout.write(`${JSON.stringify(outputs)}\n`)
  return 0
}

const askTerraform = (config: GuardConfig, args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(config.terraform, [...args], { stdio: 'inherit', env: { ...config.childEnvironment } })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })

const answers: Record<string, { readonly answer: Answer; readonly allowed: readonly string[] }> = {
  '-v': { answer: version, allowed: [] },
  version: { answer: version, allowed: ['-json'] },
  init: { answer: init, allowed: ['-no-color', '-upgrade'] },
  output: { answer: output, allowed: ['-json'] },
  apply: { answer: applySavedPlan, allowed: ['-auto-approve', '-no-color'] },
}

/** One call of cdktf's: `apply` becomes the saved plan's, the rest is answered or passed, anything unknown is refused. */
export async function answerCdktf(config: GuardConfig, args: readonly string[], streams: GuardStreams): Promise<number> {
  const known = answers[args[0] ?? '']
  const refused = known ? args.slice(1).filter((arg) => !known.allowed.includes(arg)) : args
  if (!known || refused.length > 0) {
    streams.stderr.write(`gantry guard: refused "terraform ${args.join(' ')}": only the reviewed plan is applied here\n`)
    return 1
  }
  return known.answer(config, args, streams)
}
