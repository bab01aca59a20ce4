import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js'
import { Construct } from 'constructs'

export interface ServiceLogGroupProps {
  readonly name: string
  readonly retentionDays: number
  readonly kmsKeyArn: string
}

/** An encrypted log group that forgets. */
export class ServiceLogGroup extends Construct {
  readonly resource: CloudwatchLogGroup

  constructor(scope: Construct, id: string, props: ServiceLogGroupProps) {
    super(scope, id)
    this.resource = new CloudwatchLogGroup(this, 'group', {
      name: props.name,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
    })
  }
}
