import type { AwsCall, Intercept, Intercepts } from './aws-call.ts'
import { readJsonAnswer, writeJsonAnswer } from './json-answer.ts'
import { layOver } from './lay-over.ts'
import { tellServiceDeployments } from './service-deployments.ts'
import type { ServiceTruth } from './service-truth.ts'
import { toJson } from './to-json.ts'

const prefix = 'AmazonEC2ContainerServiceV20141113'

/** The ECS calls that are answered with what really runs; `truth` is undefined until the agent is there. */
export function ecsIntercepts(truth: () => ServiceTruth | undefined): Intercepts {
  const withTruth =
    (intercept: (call: AwsCall, truth: ServiceTruth) => ReturnType<Intercept>): Intercept =>
    (call) => {
      const known = truth()
      return known ? intercept(call, known) : call.forward()
    }
  return {
    [`${prefix}.DescribeServices`]: withTruth(describeServices),
    [`${prefix}.ListServiceDeployments`]: withTruth(tellServiceDeployments),
    [`${prefix}.DescribeServiceDeployments`]: withTruth(tellServiceDeployments),
    [`${prefix}.ListTasks`]: withTruth(listTasks),
    [`${prefix}.DescribeTasks`]: withTruth(describeTasks),
  }
}

async function describeServices(call: AwsCall, truth: ServiceTruth) {
  const answer = await call.forward()
  const content = readJsonAnswer<{ services?: Record<string, unknown>[] }>(answer)
  if (!content?.services) return answer
  const cluster = clusterOf(call)
  const services = content.services.map((service) => {
    const facts = truth.service(cluster, String(service.serviceName))
    return facts ? layOver(service, facts) : service
  })
  return writeJsonAnswer(answer, { ...content, services })
}

async function listTasks(call: AwsCall, truth: ServiceTruth) {
  const { serviceName, family, desiredStatus } = call.input as Record<string, string | undefined>
  const taskArns = truth.listTasks(clusterOf(call), {
    ...(serviceName && { serviceName: shortName(serviceName) }),
    ...(family && { family }),
    desiredStatus: desiredStatus === 'STOPPED' || desiredStatus === 'PENDING' ? desiredStatus : 'RUNNING',
  })
  return taskArns ? { taskArns } : call.forward()
}

/** Tasks are named by ARN or by id; those the agent does not know are the emulator's to answer. */
async function describeTasks(call: AwsCall, truth: ServiceTruth) {
  const cluster = clusterOf(call)
  const known = (['RUNNING', 'STOPPED'] as const).flatMap((desiredStatus) => truth.listTasks(cluster, { desiredStatus }) ?? [])
  const tasks: unknown[] = []
  const unknown: string[] = []
  for (const wanted of (call.input.tasks as string[] | undefined) ?? []) {
    const arn = known.find((candidate) => candidate === wanted || candidate.endsWith(`/${wanted}`)) ?? wanted
    const task = truth.describeTask(cluster, arn)
    if (task) tasks.push(toJson(task))
    else unknown.push(wanted)
  }
  if (unknown.length === 0) return { tasks, failures: [] }
  const answer = await call.forward(JSON.stringify({ ...call.input, tasks: unknown }))
  const others = readJsonAnswer<{ tasks?: { taskArn?: string }[] }>(answer)?.tasks
  if (!others) return answer
  // The emulator is silent about a task that is not there.
  const missing = unknown.filter((wanted) => !others.some(({ taskArn }) => taskArn === wanted || taskArn?.endsWith(`/${wanted}`)))
  return { tasks: [...tasks, ...others], failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) }
}

const shortName = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)

function clusterOf(call: AwsCall): string {
  return shortName(typeof call.input.cluster === 'string' ? call.input.cluster : 'default')
}
