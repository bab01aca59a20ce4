import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { buildBundles } from '../../../bundles.ts'
import { type Container, containers } from '../../../modules/containers.ts'
import { imagePath } from '../../../sandbox/ecs/platform-image.ts'
import { Definition } from '../../../schema/definition.ts'
import { resolveDefinition } from '../../../schema/resolve-definition.ts'
import { exampleContract } from '../../support/synth-inputs.ts'
import { issuer, publicKey } from './identity.ts'
import type { LogLine } from './start-bridge.ts'
import { staticBusybox } from './static-busybox.ts'

const launcher = ['unshare', '--mount', '--pid', '--fork', '--'] as const

/** Only root of an x86_64 Linux can enter another root as any user, and run what is packed for it. */
export const canEnterImages =
  process.arch === 'x64' && process.getuid?.() === 0 && spawnSync(launcher[0], [...launcher.slice(1), 'true']).status === 0

const contract = exampleContract('alb', { identityKey: { arn: issuer, publicKey } })

const environmentOf = ({ environment }: Container) => Object.fromEntries(environment.map(({ name, value }) => [name, value]))

function taskOf(startCommand: string | string[]): { init: Container; server: Container } {
  const definition = resolveDefinition(Definition.parse({ name: 'fixture', serverType: 'stdio', image: 'scratch', startCommand }), contract)
  const [init, server] = containers({ definition, uid: 'u1', serverId: 'fixture', contract, logGroup: 'fixture' })
  if (!init || !server) throw new Error('A stdio server with an image has two containers.')
  return { init, server }
}

/** The volume /gantry as the task's init container fills it. */
export async function fillVolume(directory: string): Promise<string> {
  await buildBundles(process.cwd(), directory, ['bridge/main.ts', 'bridge/init.ts'])
  const volume = join(directory, 'volume')
  const env = { ...environmentOf(taskOf('true').init), GANTRY_RUNTIME_DIRECTORY: volume }
  execFileSync(process.execPath, [join(directory, 'bridge', 'init.mjs')], { env })
  return volume
}

type Image = { shell: boolean; user: string }

/** Runs the server's container of a task in an image that holds a static busybox and nothing else. */
export async function runInImage(volume: string, startCommand: string | string[], { shell, user }: Image) {
  const root = mkdtempSync(join(tmpdir(), 'gantry-image-'))
  chmodSync(root, 0o755)
  for (const directory of ['bin', 'gantry', 'proc', 'tmp']) mkdirSync(join(root, directory))
  copyFileSync(staticBusybox(), join(root, 'bin', 'busybox'))
  if (shell) symlinkSync('busybox', join(root, 'bin', 'sh'))
  const { server } = taskOf(startCommand)
  const argv = [...(server.entryPoint ?? []), ...(server.command ?? [])]
  const script = join(import.meta.dirname, 'enter-image.sh')
  const bridge = spawn(launcher[0], [...launcher.slice(1), 'sh', script, root, volume, user, ...argv], {
    // Only the port is another one: this host may use the container's.
    env: { PATH: imagePath, ...environmentOf(server), GANTRY_PORT: '0', GANTRY_HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = new Promise((resolve) => bridge.once('exit', resolve))
  onTestFinished(async () => {
    if (bridge.pid && bridge.exitCode === null) process.kill(-bridge.pid, 'SIGKILL')
    await exited
    rmSync(root, { recursive: true })
  })
  const logs: LogLine[] = []
  const port = await new Promise<unknown>((resolve, reject) => {
    createInterface({ input: bridge.stdout }).on('line', (line) => {
      logs.push(JSON.parse(line))
      resolve(logs[0]?.port)
    })
    bridge.once('exit', (code) => reject(new Error(`The container ended with exit code ${code}.`)))
  })
  return { logs, origin: `http://127.0.0.1:${port}`, url: `http://127.0.0.1:${port}/mcp/fixture/mcp` }
}
