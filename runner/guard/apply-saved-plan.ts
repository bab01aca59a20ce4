import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { startTerraform } from '../../terraform/run-terraform.ts'
import type { GuardConfig } from './config.ts'
import { interruptWith } from './interrupt-with.ts'
import { plainLine } from './plain-line.ts'
import { mayGo } from './wait-for-go.ts'

interface Streams {
  readonly stdout: Writable
  readonly stderr: Writable
}

/** `terraform apply` of exactly the saved plan whose hash the runner gave; 1 where the file is another. */
export async function applySavedPlan(config: GuardConfig, _args: readonly string[], streams: Streams): Promise<number> {
  if (!(await mayGo(config))) {
    streams.stderr.write('gantry guard: the runner has not let this plan go: nothing was applied\n')
    return 1
  }
  const sha256 = createHash('sha256')
    .update(await readFile(config.plan))
    .digest('hex')
  if (sha256 !== config.planSha256) {
    streams.stderr.write(`gantry guard: the plan's SHA-256 is ${sha256}, expected ${config.planSha256}: nothing was applied\n`)
    return 1
  }
  const events = createWriteStream(config.eventsFile, { flags: 'a' })
  const terraform = startTerraform({
    terraform: config.terraform,
    args: ['apply', '-json', '-input=false', `-lock-timeout=${config.lockTimeoutSeconds}s`, config.plan],
    cwd: '.',
    env: config.childEnvironment,
    onLine: (line) => {
      events.write(`${line}\n`)
      streams.stdout.write(`${plainLine(line)}\n`)
    },
  })
  await writeFile(config.resultFile, JSON.stringify({ pid: terraform.pid }))
  const stopWatching = interruptWith(terraform.interrupt, config.runnerPid)
  const { exitCode, signal, stderr } = await terraform.done.finally(stopWatching)
  await new Promise((resolve) => events.end(resolve))
  await writeFile(config.resultFile, JSON.stringify({ pid: terraform.pid, exitCode, signal, stderr }))
  return exitCode ?? 1
}
