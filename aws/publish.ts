import {
  type APIGatewayClient,
  BadRequestException,
  CreateDeploymentCommand,
  DeleteDeploymentCommand,
  type Deployment,
  GetDeploymentsCommand,
  GetStageCommand,
  TooManyRequestsException,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway'

export interface PublishOptions {
  readonly restApiId: string
  readonly stage: string
  /** Which run asked; stands in the deployment's description. */
  readonly runId: string
  readonly signal?: AbortSignal
  /** Waits between tries, in milliseconds; the last one repeats until the time is over. */
  readonly backOff?: readonly number[]
  readonly timeoutSeconds?: number
  readonly onRetry?: (reason: string) => void
}

const mark = 'gantry publish '
const kept = 5

/** Another server's half-made method fails everybody's snapshot until its own apply is done. */
const isPassing = (error: unknown): error is Error =>
  error instanceof TooManyRequestsException ||
  (error instanceof BadRequestException && error.message.includes('No integration defined for method'))

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function createDeployment(apiGateway: APIGatewayClient, options: PublishOptions): Promise<string> {
  const delays = options.backOff ?? [1000, 2000, 5000, 10_000]
  const deadline = Date.now() + (options.timeoutSeconds ?? 300) * 1000
  for (let attempt = 0; ; attempt += 1) {
    options.signal?.throwIfAborted()
    try {
      const command = new CreateDeploymentCommand({ restApiId: options.restApiId, description: `${mark}${options.runId}` })
      const { id } = await apiGateway.send(command)
      if (!id) throw new Error('API Gateway made a deployment without an id')
      return id
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error
      options.onRetry?.(error.message)
      await wait(delays[Math.min(attempt, delays.length - 1)] ?? 0)
    }
  }
}

/** Makes what stands in the REST API live: a deployment without a stage name, then the stage pointed to it. */
export async function publishApi(apiGateway: APIGatewayClient, options: PublishOptions): Promise<string> {
  const deploymentId = await createDeployment(apiGateway, options)
  await apiGateway.send(
    new UpdateStageCommand({
      restApiId: options.restApiId,
      stageName: options.stage,
      patchOperations: [{ op: 'replace', path: '/deploymentId', value: deploymentId }],
    }),
  )
  await deleteOldDeployments(apiGateway, options)
  return deploymentId
}

/** Keeps the live one and the newest of ours before it, and every one that Terraform made (the bootstrap). */
async function deleteOldDeployments(apiGateway: APIGatewayClient, { restApiId, stage }: PublishOptions): Promise<void> {
  const live = (await apiGateway.send(new GetStageCommand({ restApiId, stageName: stage }))).deploymentId
  const ours: Deployment[] = []
  let position: string | undefined
  do {
    const page = await apiGateway.send(new GetDeploymentsCommand({ restApiId, limit: 500, ...(position ? { position } : {}) }))
    ours.push(...(page.items ?? []).filter((item) => item.description?.startsWith(mark) && item.id !== live))
    position = page.position
  } while (position)
  const newestFirst = ours.sort((a, b) => (b.createdDate?.getTime() ?? 0) - (a.createdDate?.getTime() ?? 0))
  for (const { id } of newestFirst.slice(kept - 1)) {
    if (id) await apiGateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId: id }))
  }
}
