import { createHash } from 'node:crypto'
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group/index.js'
import { Construct } from 'constructs'
import { resourceName } from '../schema/names.ts'

/** Each target has its own port (8080 or 8081): a group of IP addresses needs one that never changes, or it is replaced. */
const unusedPort = 8080

export interface TargetGroupProps {
  readonly platform: string
  readonly serverId: string
  readonly vpcId: string
  /** A target group belongs to one load balancer: while a server moves from one to another it has two. */
  readonly mode: 'shared' | 'dedicated'
  readonly health: {
    readonly path: string
    readonly interval?: number
    readonly timeout?: number
    readonly healthyThresholdCount?: number
    readonly unhealthyThresholdCount?: number
  }
  readonly stickiness: boolean
}

/** The tasks of one server. Its name tells what a change would replace it for, so that the new one comes before the old one goes. */
export class TargetGroup extends Construct {
  readonly arn: string
  readonly arnSuffix: string

  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id)
    const { platform, serverId, vpcId, mode, health } = props
    const replacing = createHash('sha256')
      .update(JSON.stringify([unusedPort, 'HTTP', 'ip', vpcId, mode]))
      .digest('hex')
      .slice(0, 6)
    const group = new LbTargetGroup(this, 'target-group', {
      name: resourceName({ platform, serverId, maxLength: 32, suffix: replacing }),
      targetType: 'ip',
      protocol: 'HTTP',
      port: unusedPort,
      vpcId,
      // Streams last up to 15 minutes; ECS itself stops waiting after 120 s.
      deregistrationDelay: '300',
      healthCheck: {
        path: health.path,
        matcher: '200',
        interval: health.interval ?? 15,
        timeout: health.timeout ?? 5,
        healthyThreshold: health.healthyThresholdCount ?? 2,
        unhealthyThreshold: health.unhealthyThresholdCount ?? 3,
      },
      stickiness: { type: 'lb_cookie', enabled: props.stickiness },
      lifecycle: { createBeforeDestroy: true },
    })
    this.arn = group.arn
    this.arnSuffix = group.arnSuffix
  }
}
