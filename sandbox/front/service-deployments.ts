import type { AwsCall } from './aws-call.ts'
import { readJsonAnswer, writeJsonAnswer } from './json-answer.ts'
import type { ServiceTruth } from './service-truth.ts'

interface ServiceDeployment {
  serviceArn: string
  createdAt: number
  status: string
}

const statusOf: Record<string, string> = { COMPLETED: 'SUCCESSFUL', IN_PROGRESS: 'IN_PROGRESS', FAILED: 'STOPPED' }

/** Provider 6.x waits for a service's steady state by these; the newest one is as far as the agent's primary deployment. */
export async function tellServiceDeployments(call: AwsCall, truth: ServiceTruth) {
  const answer = await call.forward()
  const content = readJsonAnswer<{ serviceDeployments?: ServiceDeployment[] }>(answer)
  if (!content?.serviceDeployments) return answer
  const all = content.serviceDeployments
  const serviceDeployments = all.map((deployment) => {
    const [cluster = '', service = ''] = deployment.serviceArn.split('/').slice(-2)
    const isNewest = !all.some(({ serviceArn, createdAt }) => serviceArn === deployment.serviceArn && createdAt > deployment.createdAt)
    const state = isNewest && truth.service(cluster, service)?.deployments[0]?.rolloutState
    return state ? { ...deployment, status: statusOf[state] ?? deployment.status } : deployment
  })
  return writeJsonAnswer(answer, { ...content, serviceDeployments })
}
