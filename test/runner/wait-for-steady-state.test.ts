import { describe, expect, test } from 'vitest'
import type { ServiceFacts, StoppedTask } from '../../aws/services.ts'
import type { ServiceQuestions } from '../../runner/service-questions.ts'
import { waitForSteadyState } from '../../runner/steps/wait-for-steady-state.ts'

const applied = 'arn:task-definition/x:2'
const earlier = 'arn:task-definition/x:1'

const deployment = (rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED', taskDefinition = applied, primary = true) => ({
  id: `ecs-svc/${taskDefinition}`,
  primary,
  rolloutState,
  reason: `rollout ${rolloutState}`,
  taskDefinition,
})

const steady: ServiceFacts = {
  status: 'ACTIVE',
  taskDefinition: applied,
  desired: 1,
  running: 1,
  pending: 0,
  deployments: [deployment('COMPLETED')],
  targetGroupArns: ['arn:targets'],
  events: ['(service x) has started 1 tasks'],
}
const starting: ServiceFacts = { ...steady, running: 0, deployments: [deployment('IN_PROGRESS')] }

const stopped = (stopCode: string, some: Partial<StoppedTask> = {}): StoppedTask => ({
  taskId: 'task1',
  taskDefinition: applied,
  stopCode,
  reason: 'Essential container in task exited',
  stoppedAt: undefined,
  containers: [{ name: 'server', exitCode: 3, reason: undefined }],
  ...some,
})

/** ECS as a script: each answer once, the last one for good. */
function service(answers: (ServiceFacts | undefined)[], some: Partial<ServiceQuestions> = {}): ServiceQuestions {
  const left = [...answers]
  return {
    facts: async () => (left.length > 1 ? left.shift() : left[0]),
    appliedTaskDefinition: async () => applied,
    stoppedTasks: async () => [],
    targetHealth: async () => [{ target: '10.0.0.1:8080', state: 'healthy', description: '' }],
    lastLines: async ({ taskId } = {}) => [`last line of ${taskId ?? 'any task'}`],
    ...some,
  }
}
const wait = (questions: ServiceQuestions, signal = new AbortController().signal) =>
  waitForSteadyState(questions, { signal, pollMilliseconds: 1, timeoutSeconds: 0.2 })

describe('waiting for the steady state', () => {
  test('ends when the deployment is complete and a target healthy', async () => {
    await expect(wait(service([starting, starting, steady]))).resolves.toBeUndefined()
  })

  test('waits on while no target is healthy, and says so in the end', async () => {
    const targetHealth = async () => [{ target: '10.0.0.1:8080', state: 'unhealthy', description: 'Health checks failed' }]
    await expect(wait(service([steady], { targetHealth }))).rejects.toThrow(
      'a healthy target (10.0.0.1:8080 unhealthy Health checks failed)',
    )
  })

  test('fails at once when an essential container exits, with its code and the last log lines of its task', async () => {
    const stoppedTasks = async () => [stopped('EssentialContainerExited')]
    await expect(wait(service([starting], { stoppedTasks }))).rejects.toMatchObject({
      error: {
        code: 'VERIFY_FAILED',
        message: 'Task task1 stopped: Essential container in task exited; container server ended with exit code 3',
        logs: ['last line of task1'],
      },
    })
  })

  test('forgives one start that failed, not two', async () => {
    const once = [stopped('TaskFailedToStart', { reason: 'CannotPullContainerError' })]
    await expect(wait(service([starting, steady], { stoppedTasks: async () => once }))).resolves.toBeUndefined()
    await expect(wait(service([starting], { stoppedTasks: async () => [...once, ...once] }))).rejects.toThrow('CannotPullContainerError')
  })

  test('does not mind tasks of the revision before, or those that ECS itself replaces', async () => {
    const stoppedTasks = async () => [
      stopped('EssentialContainerExited', { taskDefinition: earlier }),
      stopped('ServiceSchedulerInitiated'),
    ]
    await expect(wait(service([starting, steady], { stoppedTasks }))).resolves.toBeUndefined()
  })

  test('a rollback is a failure although the service is steady', async () => {
    const back = {
      ...steady,
      taskDefinition: earlier,
      deployments: [deployment('COMPLETED', earlier), deployment('FAILED', applied, false)],
    }
    await expect(wait(service([back]))).rejects.toThrow('ECS gave the deployment up: rollout FAILED')
  })

  test('an earlier deployment that failed is not held against this one', async () => {
    const facts = { ...starting, deployments: [deployment('IN_PROGRESS'), deployment('FAILED', earlier, false)] }
    await expect(wait(service([facts, steady]))).resolves.toBeUndefined()
  })

  test('a service that does not exist is a failure', async () => {
    await expect(wait(service([undefined]))).rejects.toThrow('ECS does not have the service')
  })

  test('a stopped server is steady when no task of it is left, whatever becomes of old ones', async () => {
    const empty = { ...steady, desired: 0, running: 0 }
    const stoppedTasks = async () => [stopped('EssentialContainerExited')]
    const questions = service([{ ...empty, running: 1 }, empty], { stoppedTasks })
    await expect(
      waitForSteadyState(questions, { signal: new AbortController().signal, stopped: true, pollMilliseconds: 1 }),
    ).resolves.toBeUndefined()
    const again = waitForSteadyState(service([steady]), {
      signal: new AbortController().signal,
      stopped: true,
      pollMilliseconds: 1,
      timeoutSeconds: 0.1,
    })
    await expect(again).rejects.toThrow('the last task to end (1 run, 0 start, ECS wants 1)')
  })

  test('stops when the run is stopped', async () => {
    await expect(wait(service([starting]), AbortSignal.abort(new Error('stop')))).rejects.toThrow()
  })
})
