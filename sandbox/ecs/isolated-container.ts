import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ContainerPlan, ContainerProcess, StartContainer } from './container-process.ts'
import { exitCode } from './exit-code.ts'
import { mountArguments } from './mount.ts'

const script = join(import.meta.dirname, 'enter-container.sh')
const launcherEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

interface View {
  readonly holder: ChildProcess
  /** The view's init, as the host numbers it. */
  readonly pid: number
}

const childrenOf = (pid: number): number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Makes the view and its init, which end with this process however it ends. */
async function makeView(plan: ContainerPlan, userNamespace: boolean): Promise<View> {
  const root = join(plan.scratch, 'root')
  mkdirSync(root, { recursive: true })
  const unshare = ['unshare', ...(userNamespace ? ['--user', '--map-root-user'] : []), '--mount', '--pid', '--fork', '--kill-child', '--']
  const view = ['sh', script, root, plan.workingDirectory, plan.readOnlyRoot ? 'ro' : 'rw', ...plan.mounts.flatMap(mountArguments)]
  const holder = spawn('setpriv', ['--pdeathsig', 'KILL', ...unshare, ...view], {
    env: launcherEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  holder.stdin.on('error', () => undefined)
  let complaint = ''
  holder.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2000)
  })
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: holder.stdout }).once('line', () => resolve(true))
    holder.once('error', () => resolve(false)).once('close', () => resolve(false))
  })
  const [pid] = (await ready) ? childrenOf(holder.pid ?? 0) : []
  if (pid !== undefined) return { holder, pid }
  holder.kill('SIGKILL')
  throw new Error(`the container's view could not be made: ${complaint.trim() || 'no namespaces here'}`)
}

function enter(view: View, userNamespace: boolean, argv: readonly string[]): string[] {
  const namespaces = [...(userNamespace ? ['--user', '--preserve-credentials'] : []), '--mount', '--pid', '--wd']
  const powerless = ['setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--']
  return ['--target', String(view.pid), ...namespaces, '--', `/usr/bin/${powerless[0]}`, ...powerless.slice(1), ...argv]
}

async function runBeside(
  view: View,
  userNamespace: boolean,
  plan: ContainerPlan,
  argv: readonly string[],
  timeoutMs: number,
): Promise<number> {
  const child = spawn('/usr/bin/nsenter', enter(view, userNamespace, argv), { env: plan.environment, stdio: 'ignore', detached: true })
  const kill = (): void => {
    for (const inside of childrenOf(child.pid ?? 0)) tryKill(inside, 'SIGKILL')
  }
  const timer = setTimeout(kill, timeoutMs)
  const code = await exitCode(child)
  clearTimeout(timer)
  return code
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Already gone.
  }
}

/** Starts containers in mount and pid namespaces of their own. */
export function isolatedContainers(userNamespace: boolean): StartContainer {
  return async (plan): Promise<ContainerProcess> => {
    const view = await makeView(plan, userNamespace)
    const viewGone = exitCode(view.holder)
    const main = spawn('/usr/bin/nsenter', enter(view, userNamespace, plan.argv), {
      env: plan.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    main.stdout.on('data', plan.onOutput)
    main.stderr.on('data', plan.onOutput)
    const end = (): void => {
      view.holder.stdin?.destroy()
      view.holder.kill('SIGKILL')
    }
    const exited = exitCode(main).then(async (code) => {
      end()
      await viewGone
      return code
    })
    return {
      exited,
      signal: (name) => {
        for (const inside of childrenOf(main.pid ?? 0)) tryKill(inside, name)
      },
      kill: end,
      run: (argv, timeoutMs) => runBeside(view, userNamespace, plan, argv, timeoutMs),
    }
  }
}
