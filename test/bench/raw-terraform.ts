import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { terraformAwsEnvironment } from '../../sandbox/aws-environment.ts'
import { chooseProvider } from '../../sandbox/choose-provider.ts'
import { parseConfig } from '../../sandbox/config.ts'
import { layout } from '../../sandbox/layout.ts'
import { writeCliConfig } from '../../terraform/cli-config.ts'
import { terraformEnvironment } from '../../terraform/environment.ts'
import { startTerraform } from '../../terraform/run-terraform.ts'
import { controlPlane } from '../support/control-plane.ts'
import type { SandboxProcess } from '../support/sandbox-process.ts'
import type { Bench } from './bench.ts'

const commands = {
  init: ['init', '-input=false'],
  plan: ['plan', '-input=false', '-out=saved.tfplan'],
  show: ['show', '-json', 'saved.tfplan'],
  apply: ['apply', '-input=false', 'saved.tfplan'],
  output: ['output', '-json'],
} as const
export const rawCommands = Object.keys(commands) as (keyof typeof commands)[]
export type RawSeconds = Readonly<Record<keyof typeof commands, number>>

/** What a person would type for the files of a run, timed; under another server id, destroyed again afterwards. */
export async function rawTerraform(
  bench: Bench,
  sandbox: SandboxProcess,
  { runId, serverId }: { runId: string; serverId: string },
): Promise<RawSeconds> {
  const directory = await mkdtemp(join(bench.home, 'raw-'))
  const files = await controlPlane(sandbox.url, sandbox.adminKey).call<{ files: { path: string; content: string }[] }>(
    'GET',
    `/runs/${runId}/terraform`,
  )
  const otherId = `${serverId.slice(0, -1)}0`
  await mkdir(join(directory, 'stack'))
  for (const { path, content } of files.body.files) {
    await writeFile(join(directory, 'stack', path), content.replaceAll(serverId, otherId))
  }
  const cliConfig = join(directory, 'terraform.rc')
  const { mirrorDirectory } = await chooseProvider(parseConfig(), layout(sandbox.directory), bench.signal)
  await writeCliConfig(cliConfig, mirrorDirectory)
  const env = terraformEnvironment({ ...process.env, ...terraformAwsEnvironment(sandbox.emulatorUrl) }, cliConfig)
  const terraform = async (args: readonly string[]): Promise<number> => {
    const { exitCode, stderr, seconds } = await startTerraform({ args, cwd: join(directory, 'stack'), env, signal: bench.signal }).done
    if (exitCode !== 0) throw new Error(`terraform ${args[0]} ended with ${exitCode}: ${stderr}`)
    return seconds
  }
  const seconds: Partial<Record<keyof typeof commands, number>> = {}
  for (const name of rawCommands) seconds[name] = await terraform(commands[name])
  await terraform(['destroy', '-auto-approve', '-input=false'])
  return seconds as RawSeconds
}
