import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { ec2Query } from '../ec2-query.ts'
import type { DataPlaneClients } from './clients.ts'

/** A load balancer whose default is 404, as the platform makes it. */
export async function createBalancer({ loadBalancing, emulatorUrl }: DataPlaneClients, name: string) {
  const subnets = (await ec2Query(emulatorUrl, 'DescribeSubnets', 'subnetId')).slice(0, 2)
  const created = await loadBalancing.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets, Scheme: 'internal' }))
  const { LoadBalancerArn: arn = '', DNSName: dnsName = '' } = created.LoadBalancers?.[0] ?? {}
  const listener = await loadBalancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: arn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [
        { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'no rule' } },
      ],
    }),
  )
  return { arn, dnsName, listenerArn: listener.Listeners?.[0]?.ListenerArn ?? '' }
}

export async function createTargetGroup(
  { loadBalancing, emulatorUrl }: DataPlaneClients,
  name: string,
  health: { path?: string; intervalSeconds?: number } = {},
): Promise<string> {
  const [vpcId] = await ec2Query(emulatorUrl, 'DescribeVpcs', 'vpcId')
  const created = await loadBalancing.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: vpcId,
      TargetType: 'ip',
      HealthCheckPath: health.path ?? '/health',
      HealthCheckIntervalSeconds: health.intervalSeconds ?? 30,
      HealthCheckTimeoutSeconds: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
    }),
  )
  return created.TargetGroups?.[0]?.TargetGroupArn ?? ''
}

export async function addRule(
  { loadBalancing }: DataPlaneClients,
  listenerArn: string,
  priority: number,
  patterns: string[],
  targetGroupArn: string,
): Promise<void> {
  await loadBalancing.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: patterns } }],
      Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  )
}

export async function registerTarget({ loadBalancing }: DataPlaneClients, targetGroupArn: string, id: string, port: number): Promise<void> {
  await loadBalancing.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroupArn, Targets: [{ Id: id, Port: port }] }))
}
