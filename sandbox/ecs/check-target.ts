import { request } from 'node:http'
import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2'
import { type CheckState, startChecks } from './check-loop.ts'

/** Whether a status code meets a target group's matcher (`200`, `200,202`, `200-299`). */
export function matchesCodes(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map(Number)
    return status >= from && status <= to
  })
}

function statusOf(host: string, port: number, path: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'User-Agent': 'ELB-HealthChecker/2.0', Host: `${host}:${port}`, Connection: 'close' }
    const check = request({ host, port, path, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    check.on('error', reject).end()
  })
}

/** Checks one registered target as its target group's record says. */
export function checkTarget(group: TargetGroup, target: { host: string; port: number }, onChange: (state: CheckState) => void) {
  const port = /^\d+$/.test(group.HealthCheckPort ?? '') ? Number(group.HealthCheckPort) : target.port
  const matcher = group.Matcher?.HttpCode ?? '200'
  const timeoutMs = (group.HealthCheckTimeoutSeconds ?? 5) * 1000
  return startChecks({
    probe: async () => matchesCodes(matcher, await statusOf(target.host, port, group.HealthCheckPath ?? '/', timeoutMs)),
    intervalMs: (group.HealthCheckIntervalSeconds ?? 30) * 1000,
    firstIntervalMs: 250,
    failuresToUnhealthy: group.UnhealthyThresholdCount ?? 2,
    successesToHealthy: group.HealthyThresholdCount ?? 5,
    startPeriodMs: 0,
    onChange,
  })
}
