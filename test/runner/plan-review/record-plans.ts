/**
 * Records `terraform show -json` of one server's life into fixtures/: creation, a change of many things, deletion. Real Terraform,
 * real provider, the emulator behind them: `npx tsx test/runner/plan-review/record-plans.ts`, then `npm run format`. Its provider
 * must be one of edge `alb` (`GANTRY_PROVIDER_MIRROR`): the server has a load balancer of its own.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2'
import { installEmulator } from '../../../sandbox/emulator/install-emulator.ts'
import { startEmulator } from '../../../sandbox/emulator/start-emulator.ts'
import { synthesize } from '../../../stacks/synthesize.ts'
import { writeCliConfig } from '../../../terraform/cli-config.ts'
import { terraformEnvironment } from '../../../terraform/environment.ts'
import { startTerraform } from '../../../terraform/run-terraform.ts'
import { exampleContract, serverInput } from '../../support/synth-inputs.ts'
import { venvDirectory } from '../../support/venv-directory.ts'
import { createTestPlatform } from '../support/test-platform.ts'
import { sampleDefinitions } from './sample-definitions.ts'
import { trimPlan } from './trim-plan.ts'

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))

async function record(emulatorUrl: string, home: string): Promise<void> {
  const platform = await createTestPlatform(emulatorUrl)
  await platform.programs.remove()
  const { network, sharedAlb, cluster, api, edge, providerVersion } = platform.contract
  const group = async (GroupName: string): Promise<string> => {
    const asked = new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId: network.vpcId })
    return (await platform.clients.ec2.send(asked)).GroupId ?? ''
  }
  const ids = { tasksSecurityGroupId: await group('tasks'), vpcLinkSecurityGroupId: await group('vpc-link') }
  const contract = exampleContract(edge, {
    network: { ...network, ...ids },
    sharedAlb,
    cluster,
    api,
    providerVersion,
    roles: { path: '/gantry/sandbox/' },
  })
  const file = join(home, 'terraform.tfrc')
  await writeCliConfig(file, platform.environment.GANTRY_PROVIDER_MIRROR)
  const env = terraformEnvironment(platform.environment, file)
  let stack = home
  const terraform = async (...args: string[]): Promise<string> => {
    const result = await startTerraform({ args, cwd: stack, env }).done
    if (result.exitCode !== 0) throw new Error(`terraform ${args.join(' ')}: ${result.stdout}${result.stderr}`)
    return result.stdout
  }
  const plan = async (name: string, ...args: string[]): Promise<void> => {
    await terraform('plan', '-no-color', '-out=plan.tfplan', ...args)
    const shown = trimPlan(JSON.parse(await terraform('show', '-json', 'plan.tfplan')))
    await writeFile(join(fixtures, `${name}.json`), `${JSON.stringify(shown, null, 2)}\n`)
  }
  const local = { terraform: { backend: { local: { path: join(home, 'terraform.tfstate') } } } }
  const synth = async (definition: Record<string, unknown>): Promise<void> => {
    stack = (await synthesize(serverInput(definition, contract), join(home, 'project'))).directory
    await writeFile(join(stack, 'recorder_override.tf.json'), JSON.stringify(local))
    await terraform('init', '-no-color')
  }
  await synth(sampleDefinitions.first)
  await plan('creation')
  await terraform('apply', '-no-color', 'plan.tfplan')
  await synth(sampleDefinitions.second)
  await plan('change')
  await plan('deletion', '-destroy')
}

const home = await mkdtemp(join(tmpdir(), 'gantry-record-'))
const emulator = await startEmulator({ python: await installEmulator({ directory: venvDirectory }) })
try {
  await record(emulator.url, home)
} finally {
  await emulator.stop()
  await rm(home, { recursive: true })
}
