import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createAwsClients } from '../aws/clients.ts'
import { connectStore } from '../store/store-context.ts'
import { applyPlatform, forgetPlatform, platformIsCurrent, platformIsHalfMade } from './apply-platform.ts'
import { region, terraformAwsEnvironment } from './aws-environment.ts'
import { buildChangedBundles } from './build-changed-bundles.ts'
import { choosePorts } from './choose-port.ts'
import { chooseProvider, keepChoice } from './choose-provider.ts'
import { claimDirectory } from './claim-directory.ts'
import { type Closers, createClosers } from './closers.ts'
import type { SandboxConfig } from './config.ts'
import { createLog } from './create-log.ts'
import { endLeftOvers } from './end-left-overs.ts'
import { hostNetwork } from './host-network.ts'
import { type Layout, layout } from './layout.ts'
import { platformInput } from './platform-input.ts'
import { readPlatformSettings } from './platform-settings.ts'
import { preflight } from './preflight.ts'
import type { Progress } from './progress.ts'
import { seedAdminKey } from './seed-admin-key.ts'
import { startAws } from './start-aws.ts'
import { startPlanes } from './start-planes.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Sandbox {
  url: string
  adminKeyFile: string
  /** Stops every process it started; what it remembers stays. */
  close(): Promise<void>
}

export interface StartSandboxOptions {
  config: SandboxConfig
  progress: Progress
  /** Aborted by Ctrl-C: what is under way ends, and the start rejects. */
  signal: AbortSignal
  /** The sandbox cannot go on, and why. */
  onGivenUp(reason: string): void
}

/** AWS on this machine with Gantry on it. Throws one sentence when it cannot; then nothing of it runs any more. */
export async function startSandbox(options: StartSandboxOptions): Promise<Sandbox> {
  const closers = createClosers()
  try {
    return await start(options, closers)
  } catch (error) {
    await closers.close().catch((failure: Error) => options.progress.note(failure.message))
    throw error
  }
}

async function start({ config, progress, signal, onGivenUp }: StartSandboxOptions, closers: Closers): Promise<Sandbox> {
  const place = layout(config.directory)
  const settings = readPlatformSettings(config.platformFile)
  const path = config.environment.PATH ?? ''
  const step: Progress['step'] = async (title, work) => {
    const result = await progress.step(title, work)
    signal.throwIfAborted()
    return result
  }
  closers.add(claimDirectory(place))
  const log = createLog(place.log)
  closers.add(() => endLeftOvers(place))
  tidy(place, progress, log)
  const provider = await step('looking for Terraform, Python and the AWS provider', async (say) => {
    const tools = await preflight(config.environment)
    const found = await chooseProvider(config, place, signal)
    say(`Terraform ${tools.terraformVersion}, Python ${tools.pythonVersion}, ${found.message}`)
    return found
  })
  const ports = await choosePorts(place.ports, config.port)
  const url = `http://127.0.0.1:${ports.public}`
  await step('building the bundles', () => buildChangedBundles(root))

  const aws = await startAws({ root, place, port: ports.aws, path, provider, progress, closers, signal, log, onGivenUp })
  signal.throwIfAborted()
  const input = platformInput(root, provider, url, settings)
  const platform = { directory: place.platform, stacksBundle: aws.stacksBundle, input, provider }
  if (!platformIsCurrent(platform)) {
    const environment = { ...terraformAwsEnvironment(aws.url), PATH: path }
    await step('applying the platform with Terraform (about a minute and a half the first time)', (say) =>
      applyPlatform({ ...platform, environment, say, signal }),
    )
  }
  keepChoice(place.provider, provider)

  const planes = await step('starting the control plane, the gateway and the servers', () =>
    startPlanes({ root, place, port: ports.public, path, network: hostNetwork(config.environment), awsUrl: aws.url, closers, log }),
  )
  aws.connect(planes)
  const { dynamoDb } = createAwsClients({ region, endpoint: aws.url })
  const adminKey = await seedAdminKey(connectStore(dynamoDb, planes.contract.table), place.adminKey)
  const { stateBucket, artifactsBucket, edge } = planes.contract
  const description = {
    url,
    adminKey,
    pid: process.pid,
    emulatorUrl: aws.url,
    region,
    artifactsBucket,
    stateBucket,
    edge,
    reviewRepository: planes.reviewRepository,
  }
  writeFileSync(place.description, JSON.stringify({ ...description, providerVersion: provider.version }, undefined, 2), { mode: 0o600 })
  closers.add(() => rmSync(place.description, { force: true }))
  return { url, adminKeyFile: place.adminKey, close: () => closers.close() }
}

/** Whatever an earlier sandbox left here when it was killed. */
function tidy(place: Layout, progress: Progress, log: (line: string) => void): void {
  rmSync(place.description, { force: true })
  const ended = endLeftOvers(place)
  if (ended > 0) log(`${ended} processes of an earlier sandbox were left over and have been ended`)
  if (!platformIsHalfMade(place.platform)) return
  progress.note('the first start was cut short: beginning anew')
  forgetPlatform(place.platform)
  rmSync(place.emulator, { recursive: true, force: true })
}
