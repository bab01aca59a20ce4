import { homedir } from 'node:os'
import { join } from 'node:path'
import { APIGatewayClient } from '@aws-sdk/client-api-gateway'
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2'
import { getRequestListener } from '@hono/node-server'
import type { AuthorizerEvent } from '../access/authorizer-event.ts'
import { createAuthorizer } from '../access/create-authorizer.ts'
import { consoleLog } from '../api/adapters/console-log.ts'
import { createApiPorts } from '../api/adapters/create-api-ports.ts'
import { createAuthorizerPorts } from '../api/adapters/create-authorizer-ports.ts'
import { createReconcilerPorts } from '../api/adapters/create-reconciler-ports.ts'
import { createApp } from '../api/create-app.ts'
import { createReconciler } from '../api/reconciler.ts'
import { createAwsClients } from '../aws/clients.ts'
import { readContract } from '../aws/contract.ts'
import type { PlatformContract } from '../schema/contract.ts'
import { region } from './aws-environment.ts'
import type { Closers } from './closers.ts'
import { createReview } from './create-review.ts'
import { type Agent, createAgent } from './ecs/create-agent.ts'
import type { InvokeLambda } from './gateway/authorize.ts'
import { createGateway } from './gateway/create-gateway.ts'
import { createRecords } from './gateway/records.ts'
import { createInFlight } from './in-flight.ts'
import type { Layout } from './layout.ts'
import { platform, runtimeImage } from './platform-input.ts'
import { servePublic } from './public-server.ts'

const sweepEveryMilliseconds = 30_000
const taskGraceMilliseconds = 5_000

export interface PlanesOptions {
  root: string
  place: Layout
  port: number
  /** The user's PATH, in which tasks find npx, uv and Python. */
  path: string
  network: Readonly<Record<string, string>>
  awsUrl: string
  closers: Closers
  log(line: string): void
}

export interface Planes {
  contract: PlatformContract
  agent: Agent
  /** Where plans are reviewed: a path, a URL, or GitHub's `owner/name`. */
  reviewRepository: string
  /** The platform's Lambda functions by name, run in this process. */
  invokeLambda: InvokeLambda
}

/** Starts everything that reads the platform: the ECS agent, the gateway, the control plane and the reconciler. */
export async function startPlanes({ root, place, port, path, network, awsUrl, closers, log }: PlanesOptions): Promise<Planes> {
  const aws = { region, endpoint: awsUrl }
  const clients = createAwsClients(aws)
  const { contract } = await readContract(clients.ssm, platform)
  const config = {
    platform,
    table: contract.table,
    runnerProject: `gantry-${platform}-runner`,
    stacksBundle: join(root, 'dist', 'stacks', 'main.mjs'),
    ...aws,
  }
  const review = await createReview({ review: contract.review, place, aws, log: consoleLog })
  const authorize = createAuthorizer(await createAuthorizerPorts(config))
  const reconcile = createReconciler(await createReconcilerPorts(config, review.provider))
  const functions: Record<string, (event: unknown) => Promise<unknown>> = {
    [`gantry-${platform}-authorizer`]: (event) => authorize(event as AuthorizerEvent),
    [`gantry-${platform}-reconciler`]: reconcile,
  }
  const invokeLambda: InvokeLambda = async (name, event) => {
    const handler = functions[name]
    if (!handler) throw new Error(`No Lambda function ${name} runs here; expected ${Object.keys(functions).join(' or ')}.`)
    return handler(event)
  }

  const records = createRecords({
    apiGateway: new APIGatewayClient(aws),
    apiGatewayV2: new ApiGatewayV2Client(aws),
    loadBalancing: clients.loadBalancing,
    emulatorUrl: awsUrl,
  })
  const inFlight = createInFlight()
  const agent = await createAgent({
    clients: { ...clients, parameters: clients.ssm },
    aws: { endpointUrl: awsUrl, region },
    network,
    directory: place.tasks,
    hidden: [homedir(), place.directory],
    tools: { node: process.execPath, bridgeDirectory: join(root, 'dist', 'bridge'), path },
    isPlatformImage: (image) => image === runtimeImage,
    inFlight,
    onTargetsChanged: records.refresh,
    log,
  })
  closers.add(() => agent.close(taskGraceMilliseconds))
  const gateway = createGateway({
    records,
    api: { id: contract.api.id, stage: contract.api.stage },
    account: contract.account,
    region,
    invokeLambda,
    isHealthy: agent.isHealthy,
    inFlight,
    log,
  })
  const sweep = () => reconcile().catch((error: Error) => log(`sweep: ${error.message}`))
  const app = createApp({ ...createApiPorts(config, { streamsEvents: true }), onReviewChange: async () => void sweep() })
  const server = await servePublic({ port, dataPlane: gateway, controlPlane: getRequestListener(app.fetch) })
  closers.add(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })

  // EventBridge's schedule, which the emulator keeps but never fires.
  const schedule = setInterval(sweep, sweepEveryMilliseconds)
  closers.add(() => clearInterval(schedule))
  closers.add(review.watch(sweep).close)
  await sweep()
  return { contract, agent, invokeLambda, reviewRepository: review.repository }
}
