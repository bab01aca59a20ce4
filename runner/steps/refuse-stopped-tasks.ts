import type { StoppedTask } from '../../aws/services.ts'
import { RunFailure } from '../run-failure.ts'
import type { ServiceQuestions } from '../service-questions.ts'

/** A first failed start may be a passing one (a slow image registry); a second is not. */
const tolerated: Readonly<Record<string, number>> = { EssentialContainerExited: 0, TaskFailedToStart: 1 }

/** Throws with the exit codes and the last log lines where a task of what was applied has died since the run began. */
export async function refuseStoppedTasks(service: ServiceQuestions, expected: string): Promise<void> {
  const stopped = (await service.stoppedTasks()).filter(({ taskDefinition }) => taskDefinition === expected)
  for (const [code, most] of Object.entries(tolerated)) {
    const failed = stopped.filter(({ stopCode }) => stopCode === code)
    const task = failed[0]
    if (!task || failed.length <= most) continue
    const message = [`Task ${task.taskId} stopped: ${task.reason || task.stopCode}`, containerSentence(task)].filter(Boolean).join('; ')
    throw new RunFailure('VERIFY_FAILED', message, { logs: await service.lastLines({ taskId: task.taskId }) })
  }
}

const containerSentence = ({ containers }: StoppedTask): string =>
  containers
    .filter(({ exitCode, reason }) => exitCode !== undefined || reason)
    .map(({ name, exitCode, reason }) => {
      const ended = exitCode === undefined ? '' : ` ended with exit code ${exitCode}`
      return `container ${name}${ended}${reason ? ` (${reason})` : ''}`
    })
    .join('; ')
