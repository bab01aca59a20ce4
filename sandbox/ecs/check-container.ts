import type { HealthCheck } from '@aws-sdk/client-ecs'
import { type CheckState, startChecks } from './check-loop.ts'
import type { ContainerProcess } from './container-process.ts'

/** The command of a container health check as an argv; undefined for NONE. */
export function healthArgv(command: readonly string[]): readonly [string, ...string[]] | undefined {
  const [kind, ...rest] = command
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')]
  const [file, ...args] = kind === 'CMD' ? rest : command
  return kind === 'NONE' || file === undefined ? undefined : [file, ...args]
}

/** Runs a container's health check as its definition says, with ECS's defaults. */
export function checkContainer(
  container: ContainerProcess,
  check: HealthCheck,
  command: readonly string[],
  onChange: (state: CheckState) => void,
) {
  const argv = healthArgv(command)
  if (argv === undefined) return { stop: () => undefined }
  return startChecks({
    probe: async () => (await container.run(argv, (check.timeout ?? 5) * 1000)) === 0,
    intervalMs: (check.interval ?? 30) * 1000,
    firstIntervalMs: 1000,
    failuresToUnhealthy: check.retries ?? 3,
    successesToHealthy: 1,
    startPeriodMs: (check.startPeriod ?? 0) * 1000,
    onChange,
  })
}
