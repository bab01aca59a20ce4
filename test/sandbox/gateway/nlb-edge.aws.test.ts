import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateVpcLinkCommand, PutIntegrationCommand, PutMethodCommand } from '@aws-sdk/client-api-gateway'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, expect, inject, test } from 'vitest'
import { createGateway } from '../../../sandbox/gateway/create-gateway.ts'
import { createRecords } from '../../../sandbox/gateway/records.ts'
import { account, dataPlaneClients, region } from '../../support/data-plane/clients.ts'
import { addResource, createApi, publish } from '../../support/data-plane/create-api.ts'
import { addRule, createBalancer, createTargetGroup, registerTarget } from '../../support/data-plane/create-balancer.ts'
import { ec2Query } from '../../support/ec2-query.ts'

const clients = dataPlaneClients(inject('emulatorUrl'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A network load balancer with the application load balancer as its only target. */
async function createFrontBalancer(name: string, balancerArn: string) {
  const { loadBalancing, emulatorUrl } = clients
  const subnets = (await ec2Query(emulatorUrl, 'DescribeSubnets', 'subnetId')).slice(0, 2)
  const [vpcId] = await ec2Query(emulatorUrl, 'DescribeVpcs', 'vpcId')
  const created = await loadBalancing.send(
    new CreateLoadBalancerCommand({ Name: name, Type: 'network', Scheme: 'internal', Subnets: subnets }),
  )
  const { LoadBalancerArn: arn = '', DNSName: dnsName = '' } = created.LoadBalancers?.[0] ?? {}
  const group = await loadBalancing.send(
    new CreateTargetGroupCommand({ Name: name, TargetType: 'alb', Protocol: 'TCP', Port: 80, VpcId: vpcId }),
  )
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn
  await loadBalancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: balancerArn, Port: 80 }] }))
  const forward = { Type: 'forward' as const, TargetGroupArn }
  await loadBalancing.send(new CreateListenerCommand({ LoadBalancerArn: arn, Port: 80, Protocol: 'TCP', DefaultActions: [forward] }))
  return { arn, dnsName }
}

test('a VPC link v1 leads through the network load balancer to the rules of the application load balancer', async () => {
  const name = `nlb${Date.now().toString(36)}`
  const balancer = await createBalancer(clients, `a${name}`)
  const front = await createFrontBalancer(name, balancer.arn)
  const group = await createTargetGroup(clients, `t${name}`)
  await addRule(clients, balancer.listenerArn, 1, ['/mcp/everything'], group)
  await registerTarget(clients, group, '127.0.0.1', await listen((incoming, response) => response.end(`reached ${incoming.url}`)))
  const { id: connectionId } = await clients.apiGateway.send(new CreateVpcLinkCommand({ name, targetArns: [front.arn] }))
  const api = await createApi(clients, name)
  const resourceId = await addResource(clients, api, api.mcpId, '{id}')
  const on = { restApiId: api.id, resourceId, httpMethod: 'ANY' }
  await clients.apiGateway.send(
    new PutMethodCommand({ ...on, authorizationType: 'NONE', requestParameters: { 'method.request.path.id': true } }),
  )
  await clients.apiGateway.send(
    new PutIntegrationCommand({
      ...on,
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: `http://${front.dnsName}/mcp/{id}`,
      connectionType: 'VPC_LINK',
      connectionId,
      timeoutInMillis: 29_000,
      requestParameters: { 'integration.request.path.id': 'method.request.path.id' },
    }),
  )
  await publish(clients, api)
  const invokeLambda = () => Promise.reject(new Error('nobody asked'))
  const port = await listen(createGateway({ records: createRecords(clients), api, account, region, invokeLambda, isHealthy: () => true }))
  const answer = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  expect([await answer('/mcp/everything'), await answer('/mcp/other')]).toEqual(['reached /mcp/everything', 'no rule'])
})
