import { tailLogs } from '../../aws/logs.ts'
import { readService, readStoppedTasks, readTargetHealth, type ServiceFacts, type StoppedTask } from '../../aws/services.ts'
import { pause } from '../pause.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { logGroup, serviceName } from '../server-names.ts'

const timeoutSeconds = 900
const pollMilliseconds = 1000
const errorLogLines = 20
/** A first failed start may be a passing one (a slow image registry); a second is not. */
const tolerated: Record<string, number> = { EssentialContainerExited: 0, TaskFailedToStart: 1 }

/** Until ECS says the deployment is complete and every target group has a healthy target; fails as soon as tasks die. */
export async function waitForSteadyState(context: RunContext): Promise<void> {
  const { clients, contract, server, signal } = context
  const cluster = contract.cluster.name
  const name = serviceName(contract.platform, server.id)
  const before = new Set((await readStoppedTasks(clients.ecs, cluster, name)).map(({ taskId }) => taskId))
  const deadline = Date.now() + timeoutSeconds * 1000
  let taskDefinition: string | undefined
  for (;;) {
    const facts = await readService(clients.ecs, cluster, name)
    if (!facts) throw new RunFailure('VERIFY_FAILED', `ECS has no service ${name}.`)
    taskDefinition ??= facts.taskDefinition
    refuseRollback(facts, taskDefinition)
    const waitsFor = await whatIsMissing(context, facts)
    if (!waitsFor) return
    await refuseStoppedTasks(context, taskDefinition, before)
    if (Date.now() > deadline) {
      const logs = await tailLogs(clients.logs, { logGroup: logGroup(contract.platform, server.id), lines: errorLogLines })
      throw new RunFailure('VERIFY_FAILED', `After ${timeoutSeconds} s still waiting for ${waitsFor}. ${facts.events[0] ?? ''}`.trim(), {
        logs,
      })
    }
    await pause(pollMilliseconds, signal)
  }
}

function refuseRollback(facts: ServiceFacts, taskDefinition: string): void {
  const failed = facts.deployments.find(({ rolloutState }) => rolloutState === 'FAILED')
  if (!failed && facts.taskDefinition === taskDefinition) return
  const reason = failed?.reason ?? 'the service is back on its earlier task definition'
  throw new RunFailure('VERIFY_FAILED', `ECS rolled the deployment back: ${reason}`)
}

async function whatIsMissing({ clients }: RunContext, facts: ServiceFacts): Promise<string | undefined> {
  const primary = facts.deployments.find((deployment) => deployment.primary)
  if (primary?.rolloutState !== 'COMPLETED' || facts.running < facts.desired) {
    return `the deployment (${facts.running} of ${facts.desired} tasks run)`
  }
  if (facts.desired === 0) return undefined
  for (const arn of facts.targetGroupArns) {
    const targets = await readTargetHealth(clients.loadBalancing, arn)
    if (targets.some(({ state }) => state === 'healthy')) continue
    const said = targets.map(({ target, state, description }) => `${target} ${state} ${description}`.trim()).join('; ')
    return `a healthy target (${said || 'none registered'})`
  }
  return undefined
}

const containerSentence = ({ containers }: StoppedTask): string =>
  containers
    .filter(({ exitCode, reason }) => (exitCode !== undefined && exitCode !== 0) || reason)
    .map(
      ({ name, exitCode, reason }) =>
        `container ${name}${exitCode === undefined ? '' : ` ended with exit code ${exitCode}`}${reason ? ` (${reason})` : ''}`,
    )
    .join('; ')

async function refuseStoppedTasks(context: RunContext, taskDefinition: string, before: ReadonlySet<string>): Promise<void> {
  const { clients, contract, server } = context
  const stopped = await readStoppedTasks(clients.ecs, contract.cluster.name, serviceName(contract.platform, server.id))
  const ours = stopped.filter((task) => task.taskDefinition === taskDefinition && !before.has(task.taskId))
  for (const [code, most] of Object.entries(tolerated)) {
    const failed = ours.filter(({ stopCode }) => stopCode === code)
    const task = failed[0]
    if (!task || failed.length <= most) continue
    const group = logGroup(contract.platform, server.id)
    const logs = await tailLogs(clients.logs, { logGroup: group, taskId: task.taskId, lines: errorLogLines })
    const message = [`Task ${task.taskId} stopped: ${task.reason || task.stopCode}`, containerSentence(task)].filter(Boolean).join('; ')
    throw new RunFailure('VERIFY_FAILED', message, { logs })
  }
}
