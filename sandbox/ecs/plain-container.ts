import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ContainerPlan, StartContainer } from './container-process.ts'
import { exitCode } from './exit-code.ts'
import { hostPath, type Mount } from './mount.ts'

/** The variables that name places rather than carry a user's text. */
const places = ['HOME', 'npm_config_cache', 'UV_CACHE_DIR', 'PIP_CACHE_DIR', 'TMPDIR', 'GANTRY_FILES_DIRECTORY', 'GANTRY_RUNTIME_DIRECTORY']

function rewriteCommand(json: string, mounts: readonly Mount[], scratch: string): string {
  const argv: unknown = JSON.parse(json)
  return Array.isArray(argv)
    ? JSON.stringify(argv.map((part) => (typeof part === 'string' ? hostPath(part, mounts, scratch) : part)))
    : json
}

/** The environment with the container's own paths as the host knows them. */
function hostEnvironment({
  environment,
  mounts,
  scratch,
}: Pick<ContainerPlan, 'environment' | 'mounts' | 'scratch'>): Record<string, string> {
  const result: Record<string, string> = { ...environment }
  for (const name of places) if (result[name] !== undefined) result[name] = hostPath(result[name], mounts, scratch)
  if (result.GANTRY_COMMAND !== undefined) result.GANTRY_COMMAND = rewriteCommand(result.GANTRY_COMMAND, mounts, scratch)
  const tools = join(scratch, 'bin')
  const parts = (result.PATH ?? '').split(':')
  result.PATH = parts.map((part) => (part === '/opt/gantry/bin' ? tools : hostPath(part, mounts, scratch))).join(':')
  return result
}

/** The image's own programs, in a directory of this container's own. */
function linkPrograms(mounts: readonly Mount[], scratch: string): void {
  const directory = join(scratch, 'bin')
  mkdirSync(directory, { recursive: true })
  for (const { kind, target, ...mount } of mounts) {
    if (!target.startsWith('/opt/gantry/bin/') || !('source' in mount)) continue
    symlinkSync(hostPath(mount.source, mounts, scratch), join(directory, basename(target)))
  }
}

function killGroup({ pid }: ChildProcess): void {
  // Without a pid nothing was started, and a group 0 would be our own.
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/** Starts containers as process groups without a view of their own, with their paths rewritten; `guard` is what ends them with this process. */
export function plainContainers(guard: readonly string[]): StartContainer {
  return async (plan) => {
    const { scratch, mounts } = plan
    const translate = (path: string): string => hostPath(path, mounts, scratch)
    for (const mount of mounts) if (mount.kind === 'tmpfs') mkdirSync(translate(mount.target), { recursive: true })
    const cwd = translate(plan.workingDirectory)
    mkdirSync(cwd, { recursive: true })
    linkPrograms(mounts, scratch)
    const environment = hostEnvironment(plan)
    const start = (argv: readonly string[], output: 'ignore' | 'pipe'): ChildProcess => {
      const [file = '', ...rest] = [...guard, ...argv.map(translate)]
      return spawn(file, rest, { cwd, env: environment, stdio: ['ignore', output, output], detached: true })
    }
    const main = start(plan.argv, 'pipe')
    main.stdout?.on('data', plan.onOutput)
    main.stderr?.on('data', plan.onOutput)
    const exited = exitCode(main).then((code) => {
      killGroup(main)
      return code
    })
    return {
      exited,
      signal: (name) => void main.kill(name),
      kill: () => killGroup(main),
      run: async (argv, timeoutMs) => {
        const child = start(argv, 'ignore')
        const timer = setTimeout(() => killGroup(child), timeoutMs)
        const code = await exitCode(child)
        clearTimeout(timer)
        return code
      },
    }
  }
}
