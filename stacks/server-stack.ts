import { S3Backend, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf'
import type { Construct } from 'constructs'
import { Autoscaling, type ScalingMetric } from '../modules/autoscaling.ts'
import { addAwsProvider } from '../modules/aws-provider.ts'
import { bridgePorts } from '../modules/bridge-ports.ts'
import { bridgeContainer, bridgePort, taskVolumes } from '../modules/containers.ts'
import { SecurityGroup } from '../modules/security-group.ts'
import { type RoleSource, ServerRoles } from '../modules/server-roles.ts'
import { DedicatedRoutes, DedicatedRouting, type Routing, type RoutingProps, SharedRouting } from '../modules/server-routing.ts'
import { Service, type TaskCount } from '../modules/service.ts'
import { ServiceLogGroup } from '../modules/service-log-group.ts'
import { SessionSecret } from '../modules/session-secret.ts'
import { TaskDefinition } from '../modules/task-definition.ts'
import type { LoadBalancerMode, PlatformContract } from '../schema/contract.ts'
import type { Definition } from '../schema/definition.ts'
import { managedSecretName, sessionSecret } from '../schema/managed-secret.ts'
import { resourceName, serverId } from '../schema/names.ts'
import { type ResolvedDefinition, resolveDefinition } from '../schema/resolve-definition.ts'
import { stateKey } from '../schema/state-key.ts'
import type { ServerSynthInput } from '../schema/synth-input.ts'
import { serverLogGroup, serverVariables, type Variables } from './server-variables.ts'

const defaultTargetValue = 60
const defaultCooldownSeconds = 60
/** As long as API Gateway streams at most. */
const defaultIdleTimeoutSeconds = 900

/** A bridge passes a call on to the task that holds its session. */
const otherTasks = { description: 'tasks of this server', peer: { type: 'self' }, ports: bridgePorts } as const

type ServerParts = Pick<RoutingProps, 'contract' | 'serverId'>

/** A stopped server keeps everything but its tasks. */
function taskCount({ enabled, desiredCount }: ServerSynthInput, { autoScalingConfig }: ResolvedDefinition): TaskCount {
  if (!enabled) return { type: 'fixed', tasks: 0 }
  return desiredCount === undefined ? { type: 'scaled', tasks: autoScalingConfig.minCapacity } : { type: 'fixed', tasks: desiredCount }
}

/** One hosted server. What its definition says in words is in `variables`, never in the stack. */
export class ServerStack extends TerraformStack {
  readonly variables: Variables

  constructor(scope: Construct, id: string, input: ServerSynthInput) {
    super(scope, id)
    const { contract } = input
    const definition = resolveDefinition(input.definition, contract)
    const server = serverId(definition.name)
    const { platform, kmsKeyArn } = contract
    const name = resourceName({ platform, serverId: server, maxLength: 255 })
    this.variables = serverVariables({ ...input, definition })
    for (const variable of Object.keys(this.variables).sort()) new TerraformVariable(this, variable, { type: 'any', nullable: false })
    addAwsProvider(this, { ...contract, tags: Token.asStringMap(this.variable('tags')) })
    this.addBackend(contract, server, input.uid)

    const logGroup = new ServiceLogGroup(this, 'logs', {
      name: serverLogGroup(platform, server),
      retentionDays: definition.logRetentionDays,
      kmsKeyArn,
    })
    const roles = new ServerRoles(this, 'roles', {
      contract,
      serverId: server,
      execution: this.roleSource('execution'),
      task: this.roleSource('task'),
    })
    const sealing = new SessionSecret(this, 'session-secret', {
      name: managedSecretName({ platform, serverId: server, uid: input.uid, name: sessionSecret }),
      kmsKeyArn,
    })
    const port = bridgePort(definition)
    const { mode } = definition.loadBalancer
    const routings = this.routings(definition, input.keepMode, { contract, serverId: server })
    const current = routings.get(mode) as Routing
    const securityGroup = new SecurityGroup(this, 'security-group', {
      name,
      description: 'One server: in from its load balancer to the bridge',
      vpcId: contract.network.vpcId,
      ingress: {
        tasks: otherTasks,
        ...Object.fromEntries(
          [...routings].map(([kind, { securityGroupId }]) => [
            kind,
            { description: `${kind} load balancer`, peer: { type: 'group', securityGroupId }, ports: bridgePorts },
          ]),
        ),
      },
      egress: { tasks: otherTasks },
    })
    const task = new TaskDefinition(this, 'task', {
      family: name,
      cpu: definition.cpu,
      memoryMiB: definition.memoryLimitMiB,
      architecture: definition.architecture,
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      containerDefinitions: this.jsonVariable('containers'),
      volumes: taskVolumes(definition).map((volume) => volume.name),
    })
    const service = new Service(this, 'service', {
      name,
      clusterArn: contract.cluster.arn,
      taskDefinitionArn: task.arn,
      count: taskCount(input, definition),
      subnetIds: contract.network.subnetIds,
      securityGroupIds: [contract.network.tasksSecurityGroupId, securityGroup.securityGroupId],
      targets: [...routings.values()].map(({ targetGroup }) => ({
        targetGroupArn: targetGroup.arn,
        containerName: bridgeContainer(definition),
        containerPort: port,
      })),
      dependsOn: [...[...routings.values()].flatMap(({ parts }) => parts), ...roles.parts, logGroup.resource, sealing.version],
    })
    if (input.enabled) this.addAutoscaling(definition, name, contract.cluster.name, service, current)
    this.addOutputs({
      service_name: service.name,
      cluster: contract.cluster.name,
      target_group_arn: current.targetGroup.arn,
      log_group: logGroup.resource.name,
      mode,
    })
  }

  /** The load balancer that the definition asks for, and beside it the one that a mode switch has not left yet. */
  private routings(
    definition: ResolvedDefinition,
    keepMode: LoadBalancerMode | undefined,
    server: ServerParts,
  ): Map<LoadBalancerMode, Routing> {
    const { mode } = definition.loadBalancer
    const health = { ...definition.loadBalancerConfig?.healthCheckConfig, path: this.variable('health_path') }
    const props: RoutingProps = { ...server, health, stickiness: definition.stickiness }
    const routings = new Map<LoadBalancerMode, Routing>()
    if (mode === 'shared' || keepMode === 'shared') routings.set('shared', new SharedRouting(this, 'shared', props))
    if (mode === 'dedicated' || keepMode === 'dedicated') {
      const admits = server.contract.network.vpcLinkSecurityGroupId
      if (admits === undefined) throw new Error('loadBalancer.mode is dedicated; this platform (edge nlb) has shared only')
      const idleTimeoutSeconds = definition.idleTimeoutSeconds ?? defaultIdleTimeoutSeconds
      const dedicated = new DedicatedRouting(this, 'dedicated', { ...props, admits, idleTimeoutSeconds })
      routings.set('dedicated', dedicated)
      // Without routes of its own calls take the greedy one, which leads to the shared load balancer.
      if (mode === 'dedicated') new DedicatedRoutes(this, 'routes', { ...server, balancer: dedicated.balancer })
    }
    return routings
  }

  private addAutoscaling(definition: ResolvedDefinition, name: string, clusterName: string, service: Service, routing: Routing): void {
    const { autoScalingConfig: scaling } = definition
    new Autoscaling(this, 'autoscaling', {
      name,
      clusterName,
      serviceName: service.name,
      minCapacity: scaling.minCapacity,
      maxCapacity: scaling.maxCapacity,
      metric: this.scalingMetric(definition, `${routing.loadBalancerSuffix}/${routing.targetGroup.arnSuffix}`),
      targetValue: scaling.targetValue ?? defaultTargetValue,
      cooldownSeconds: scaling.cooldown ?? defaultCooldownSeconds,
    })
  }

  private scalingMetric({ autoScalingConfig }: Definition, resourceLabel: string): ScalingMetric {
    if (autoScalingConfig.namespace !== undefined) {
      return { type: 'custom', namespace: this.variable('metric.namespace'), metricName: this.variable('metric.name') }
    }
    if (autoScalingConfig.metricName === 'RequestCountPerTarget') return { type: 'requests', resourceLabel }
    return { type: autoScalingConfig.metricName === 'MemoryUtilization' ? 'memory' : 'cpu' }
  }

  private roleSource(kind: 'execution' | 'task'): RoleSource {
    if (`${kind}_role_arn` in this.variables) return { type: 'given', arn: this.variable(`${kind}_role_arn`) }
    return { type: 'generated', ...(`${kind}_policy` in this.variables ? { policy: this.jsonVariable(`${kind}_policy`) } : {}) }
  }

  private variable(path: string): string {
    return `\${var.${path}}`
  }

  private jsonVariable(name: string): string {
    return `\${jsonencode(var.${name})}`
  }

  private addBackend(contract: PlatformContract, server: string, uid: string): void {
    const { stateBucket: bucket, region, kmsKeyArn: kmsKeyId } = contract
    new S3Backend(this, { bucket, key: stateKey({ id: server, uid }), region, encrypt: true, kmsKeyId })
    this.addOverride('terraform.backend.s3.use_lockfile', true)
  }

  private addOutputs(outputs: { [name: string]: string }): void {
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value })
  }
}
