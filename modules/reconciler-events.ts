import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js'
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js'
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js'
import { Construct } from 'constructs'
import { reviewEvents } from '../schema/names.ts'
import type { LambdaFunction } from './lambda-function.ts'

export interface ReconcilerEventsProps {
  readonly name: string
  readonly platform: string
  readonly projectName: string
  readonly reconciler: LambdaFunction
}

/** Wakes the reconciler: at once when a build changes state or a plan is decided, and every minute for what no event told. */
export class ReconcilerEvents extends Construct {
  constructor(scope: Construct, id: string, props: ReconcilerEventsProps) {
    super(scope, id)
    const pattern = {
      source: ['aws.codebuild'],
      'detail-type': ['CodeBuild Build State Change'],
      detail: { 'project-name': [props.projectName] },
    }
    this.deliver(props, 'builds', { eventPattern: JSON.stringify(pattern) })
    this.deliver(props, 'reviews', { eventPattern: JSON.stringify({ source: [reviewEvents(props.platform)] }) })
    this.deliver(props, 'sweep', { scheduleExpression: 'rate(1 minute)' })
  }

  private deliver(props: ReconcilerEventsProps, id: string, when: { eventPattern?: string; scheduleExpression?: string }): void {
    const rule = new CloudwatchEventRule(this, id, { name: `${props.name}-${id}`, ...when })
    new CloudwatchEventTarget(this, `${id}-target`, { rule: rule.name, targetId: 'reconciler', arn: props.reconciler.arn })
    new LambdaPermission(this, `${id}-permission`, {
      action: 'lambda:InvokeFunction',
      functionName: props.reconciler.name,
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    })
  }
}
