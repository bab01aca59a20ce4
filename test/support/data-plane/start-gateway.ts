import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { createGateway } from '../../../sandbox/gateway/create-gateway.ts'
import { createRecords, type Records } from '../../../sandbox/gateway/records.ts'
import { account, type DataPlaneClients, region } from './clients.ts'
import { type ApiFixture, addPreflight, addResource, addServerRoute, createApi, publish } from './create-api.ts'
import { addRule, createBalancer, createTargetGroup, registerTarget } from './create-balancer.ts'

export interface AuthorizerEvent {
  readonly methodArn: string
  readonly pathParameters: Record<string, string>
}

interface TestGatewayOptions {
  /** The only target of the server `everything`. */
  readonly backend: RequestListener
  /** What the authorizer answers; it allows everything by default. */
  readonly authorize?: (event: AuthorizerEvent) => unknown
  /** Whether the target on that port is; each is by default. */
  readonly isHealthy?: (port: number) => boolean
  readonly log?: (line: string) => void
}

interface TestGateway {
  readonly url: string
  readonly api: ApiFixture
  readonly records: Records
  readonly backendPort: number
  close(): void
}

/** What a caller brings to be authorized. */
export const authorized = { Authorization: 'Bearer token' }

export const policy = (effect: 'Allow' | 'Deny', resource: string) => ({
  principalId: 'caller',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: resource }] },
  context: { identity: 'signed', forwardAuthorization: 'none' },
})

/** A deployed API with a load balancer, `everything` behind `/mcp/{id}`, and `/mcp/buffered` that has 300 ms to answer. */
async function deploy(clients: DataPlaneClients, name: string, backendPort: number): Promise<ApiFixture> {
  const balancer = await createBalancer(clients, name)
  const group = await createTargetGroup(clients, name)
  await addRule(clients, balancer.listenerArn, 10, ['/mcp/everything', '/mcp/everything/*'], group)
  await registerTarget(clients, group, '127.0.0.1', backendPort)
  const api = await createApi(clients, name)
  const server = await addResource(clients, api, api.mcpId, '{id}')
  const anything = await addResource(clients, api, server, '{proxy+}')
  await addServerRoute(clients, api, { resourceId: server, path: '/mcp/{id}', parameters: ['id'], balancer })
  await addServerRoute(clients, api, { resourceId: anything, path: '/mcp/{id}/{proxy}', parameters: ['id', 'proxy'], balancer })
  await addPreflight(clients, api, anything)
  const slow = await addResource(clients, api, api.mcpId, 'buffered')
  await addServerRoute(clients, api, {
    resourceId: slow,
    path: '/mcp/everything/buffered',
    parameters: [],
    balancer,
    stream: false,
    timeoutMs: 300,
  })
  await publish(clients, api)
  return api
}

/** A gateway over records of its own, with a backend and an authorizer of the test's. */
export async function startGateway(clients: DataPlaneClients, options: TestGatewayOptions): Promise<TestGateway> {
  const { authorize = ({ methodArn }) => policy('Allow', methodArn), isHealthy = () => true } = options
  const name = `gw${randomUUID().slice(0, 8)}`
  const servers: Server[] = []
  async function listen(handle: RequestListener): Promise<number> {
    const server = createServer(handle).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const backendPort = await listen(options.backend)
  const api = await deploy(clients, name, backendPort)
  const records = createRecords(clients)
  const gateway = createGateway({
    records,
    api,
    account,
    region,
    isHealthy: (_, target) => isHealthy(target.port),
    invokeLambda: async (functionName, event) => {
      expect(functionName).toBe(`${name}-authorizer`)
      return authorize(event as AuthorizerEvent)
    },
    ...(options.log && { log: options.log }),
  })
  return {
    url: `http://127.0.0.1:${await listen(gateway)}`,
    api,
    records,
    backendPort,
    close: () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}
