import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import type { PlatformContract } from '../schema/contract.ts'
import { resourceName } from '../schema/names.ts'
import { Role } from './role.ts'

/** A role the definition names, or one made here from a policy document (JSON text, made from a variable). */
export type RoleSource = { readonly type: 'given'; readonly arn: string } | { readonly type: 'generated'; readonly policy?: string }

export interface ServerRolesProps {
  readonly contract: PlatformContract
  readonly serverId: string
  readonly execution: RoleSource
  readonly task: RoleSource
}

/** As whom a task is started, and as whom it runs. */
export class ServerRoles extends Construct {
  readonly executionRoleArn: string
  readonly taskRoleArn: string
  /** What must exist before a task can start. */
  readonly parts: ITerraformDependable[] = []

  constructor(scope: Construct, id: string, props: ServerRolesProps) {
    super(scope, id)
    this.executionRoleArn = this.role(props, 'execution')
    this.taskRoleArn = this.role(props, 'task')
  }

  private role(props: ServerRolesProps, kind: 'execution' | 'task'): string {
    const source = props[kind]
    if (source.type === 'given') return source.arn
    const { platform, account, roles } = props.contract
    const role = new Role(this, kind, {
      name: resourceName({ platform, serverId: props.serverId, maxLength: 64, suffix: kind }),
      path: roles.path,
      service: 'ecs-tasks.amazonaws.com',
      policy: source.policy,
      permissionsBoundary: roles.permissionsBoundaryArn,
      sourceAccount: account,
    })
    this.parts.push(...role.parts)
    return role.arn
  }
}
