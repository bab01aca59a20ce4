import type { ServiceFacts } from '../../aws/services.ts'
import { pause } from '../pause.ts'
import { RunFailure } from '../run-failure.ts'
import type { ServiceQuestions } from '../service-questions.ts'
import { refuseStoppedTasks } from './refuse-stopped-tasks.ts'

export interface SteadyStateOptions {
  readonly signal: AbortSignal
  /** No task shall be left. */
  readonly stopped?: boolean
  readonly timeoutSeconds?: number
  readonly pollMilliseconds?: number
}

const defaultTimeoutSeconds = 900
const defaultPollMilliseconds = 1000

/** Until ECS says the deployment is complete and every target group has a healthy target; fails as soon as tasks die. */
export async function waitForSteadyState(service: ServiceQuestions, options: SteadyStateOptions): Promise<void> {
  const { signal, stopped = false, timeoutSeconds = defaultTimeoutSeconds, pollMilliseconds = defaultPollMilliseconds } = options
  const deadline = Date.now() + timeoutSeconds * 1000
  let expected = await service.appliedTaskDefinition()
  for (;;) {
    const facts = await service.facts()
    if (!facts) throw new RunFailure('VERIFY_FAILED', 'ECS does not have the service.')
    expected ??= facts.taskDefinition
    const waitsFor = stopped ? whatStillRuns(facts) : await whatIsMissing(service, facts, expected)
    if (!waitsFor) return
    if (!stopped) {
      await refuseStoppedTasks(service, expected)
      await refuseRollback(service, facts, expected)
    }
    if (Date.now() > deadline) {
      const message = `After ${timeoutSeconds} s still waiting for ${waitsFor}. ${facts.events[0] ?? ''}`.trim()
      throw new RunFailure('VERIFY_FAILED', message, { logs: await service.lastLines() })
    }
    await pause(pollMilliseconds, signal)
  }
}

function whatStillRuns({ desired, running, pending }: ServiceFacts): string | undefined {
  if (desired + running + pending === 0) return undefined
  return `the last task to end (${running} run, ${pending} start, ECS wants ${desired})`
}

async function whatIsMissing(service: ServiceQuestions, facts: ServiceFacts, expected: string): Promise<string | undefined> {
  const primary = facts.deployments.find((deployment) => deployment.primary)
  if (primary?.rolloutState !== 'COMPLETED' || primary.taskDefinition !== expected || facts.running < facts.desired) {
    return `the deployment (${facts.running} of ${facts.desired} tasks run)`
  }
  if (facts.desired === 0) return undefined
  for (const arn of facts.targetGroupArns) {
    const targets = await service.targetHealth(arn)
    if (targets.some(({ state }) => state === 'healthy')) continue
    const said = targets.map(({ target, state, description }) => `${target} ${state} ${description}`.trim()).join('; ')
    return `a healthy target (${said || 'none registered'})`
  }
  return undefined
}

/** The circuit breaker has given up on what was applied; what served before serves on. */
async function refuseRollback(service: ServiceQuestions, facts: ServiceFacts, expected: string): Promise<void> {
  const failed = facts.deployments.find(({ rolloutState, taskDefinition }) => rolloutState === 'FAILED' && taskDefinition === expected)
  if (!failed && facts.taskDefinition === expected) return
  const reason = failed?.reason ?? 'the service is back on its earlier task definition'
  throw new RunFailure('VERIFY_FAILED', `ECS gave the deployment up: ${reason}`, { logs: await service.lastLines() })
}
