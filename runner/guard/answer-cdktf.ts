import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { applySavedPlan } from './apply-saved-plan.ts'
import type { GuardConfig } from './config.ts'

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

/** The runner has initialized this very directory with the plan's lock file: once is enough. */
const init: Answer = async (_config, _args, { stdout }) => {
  stdout.write('Terraform has been successfully initialized!\n')
  return 0
}

const output: Answer = (config, args) =>
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
