import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js'
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js'
import { Construct } from 'constructs'
import { policyJson } from './policy.ts'

export interface RoleProps {
  readonly name: string
  readonly path: string
  /** The AWS service that takes the role, e.g. `ecs-tasks.amazonaws.com`. */
  readonly service: string
  /** The policy document as JSON text; none: the role may do nothing. */
  readonly policy?: string
  readonly permissionsBoundary?: string
  /** Only calls on behalf of this account may take the role; not every service says so. */
  readonly sourceAccount?: string
}

/** A role for one AWS service, with one inline policy. */
export class Role extends Construct {
  readonly arn: string
  readonly name: string
  /** What must exist before the role can do its work. */
  readonly parts: (IamRole | IamRolePolicy)[]

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id)
    const role = new IamRole(this, 'role', {
      name: props.name,
      path: props.path,
      permissionsBoundary: props.permissionsBoundary,
      assumeRolePolicy: policyJson([
        {
          Effect: 'Allow',
          Principal: { Service: props.service },
          Action: 'sts:AssumeRole',
          ...(props.sourceAccount ? { Condition: { StringEquals: { 'aws:SourceAccount': props.sourceAccount } } } : {}),
        },
      ]),
    })
    this.arn = role.arn
    this.name = role.name
    this.parts = [role]
    if (props.policy) this.parts.push(new IamRolePolicy(this, 'policy', { name: 'default', role: role.name, policy: props.policy }))
  }
}
