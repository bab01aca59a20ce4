import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster/index.js'
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers/index.js'
import { Construct } from 'constructs'

/** The ECS cluster all servers' services are in. */
export class Cluster extends Construct {
  readonly name: string
  readonly arn: string

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id)
    const cluster = new EcsCluster(this, 'cluster', { name: props.name, setting: [{ name: 'containerInsights', value: 'enabled' }] })
    new EcsClusterCapacityProviders(this, 'fargate', { clusterName: cluster.name, capacityProviders: ['FARGATE'] })
    this.name = cluster.name
    this.arn = cluster.arn
  }
}
