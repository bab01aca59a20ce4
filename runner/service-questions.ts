import { tailLogs } from '../aws/logs.ts'
import { readService, readStoppedTasks, readTargetHealth, type ServiceFacts, type StoppedTask, type TargetHealth } from '../aws/services.ts'
import { awaitLines } from './await-lines.ts'
import type { RunContext } from './run-context.ts'
import { logGroup, serviceName } from './server-names.ts'
import { readState } from './state-base.ts'

const errorLogLines = 20

/** What the runner asks AWS about a service that it waits for. */
export interface ServiceQuestions {
  facts(): Promise<ServiceFacts | undefined>
  /** The task definition that was applied, where the state has one. */
  appliedTaskDefinition(): Promise<string | undefined>
  /** Tasks that stopped after the run began. */
  stoppedTasks(): Promise<StoppedTask[]>
  targetHealth(targetGroupArn: string): Promise<TargetHealth[]>
  /** The last log lines, once they have arrived: of one task, of all that was written at or after `since`, or just the last. */
  lastLines(of?: { taskId?: string; since?: Date }): Promise<string[]>
}

export function serviceQuestions(context: RunContext): ServiceQuestions {
  const { clients, contract, server } = context
  const cluster = contract.cluster.name
  const service = serviceName(contract.platform, server.id)
  return {
    facts: () => readService(clients.ecs, cluster, service),
    appliedTaskDefinition: async () => (await readState(context))?.taskDefinition,
    stoppedTasks: async () => {
      const tasks = await readStoppedTasks(clients.ecs, cluster, service)
      return tasks.filter(({ stoppedAt }) => !stoppedAt || stoppedAt >= context.startedAt)
    },
    targetHealth: (arn) => readTargetHealth(clients.loadBalancing, arn),
    lastLines: async ({ taskId, since } = {}) => {
      const tail = { logGroup: logGroup(contract.platform, server.id), lines: errorLogLines, ...(taskId ? { taskId } : {}) }
      const lines = await awaitLines(() => tailLogs(clients.logs, tail), { since, signal: context.signal })
      return lines.map(({ message }) => message)
    },
  }
}
