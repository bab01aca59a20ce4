import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js'
import { Construct } from 'constructs'
import { bucketArn, type PlatformNames, projectArn, rolePath, tableArn } from './platform-names.ts'
import { allow, type PolicyStatement, policyJson } from './policy.ts'

export interface ServerBoundaryProps {
  readonly names: PlatformNames
  readonly identityKeyArn: string
}

/** What no server's role can do, whatever its policy says: it is the permissions boundary of every role the runner makes. */
export class ServerBoundary extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, props: ServerBoundaryProps) {
    super(scope, id)
    const { names } = props
    const boundary = new IamPolicy(this, 'boundary', {
      name: 'server-boundary',
      path: rolePath(names),
      policy: policyJson([
        allow(['*'], ['*']),
        deny(['iam:*', 'organizations:*', 'account:*', 'sts:AssumeRole'], ['*']),
        deny(['dynamodb:*'], [tableArn(names), `${tableArn(names)}/*`]),
        deny(['s3:*'], [bucketArn(names, 'state'), `${bucketArn(names, 'state')}/*`]),
        deny(['codebuild:*'], [projectArn(names)]),
        deny(['kms:*'], [props.identityKeyArn]),
      ]),
    })
    this.arn = boundary.arn
  }
}

const deny = (actions: string[], resources: string[]): PolicyStatement => ({ Effect: 'Deny', Action: actions, Resource: resources })
