import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project/index.js'
import { Construct } from 'constructs'
import type { Role } from './role.ts'
import { ServiceLogGroup } from './service-log-group.ts'

/** The longest a run may take, waiting for its turn not counted. */
const timeoutMinutes = 60

export interface RunnerProjectProps {
  readonly name: string
  readonly image: string
  readonly role: Role
  readonly buildspec: string
  readonly environment: { readonly [name: string]: string }
  readonly logRetentionDays: number
  readonly kmsKeyArn: string
}

/** Where runs run: no source, a fixed buildspec, and an environment of which a caller sets `RUN_ID` alone. */
export class RunnerProject extends Construct {
  readonly arn: string
  readonly name: string

  constructor(scope: Construct, id: string, props: RunnerProjectProps) {
    super(scope, id)
    const logs = new ServiceLogGroup(this, 'logs', {
      name: `/aws/codebuild/${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    })
    const project = new CodebuildProject(this, 'project', {
      name: props.name,
      description: 'One run of one server',
      serviceRole: props.role.arn,
      buildTimeout: timeoutMinutes,
      queuedTimeout: timeoutMinutes,
      source: { type: 'NO_SOURCE', buildspec: props.buildspec },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: 'BUILD_GENERAL1_SMALL',
        image: props.image,
        imagePullCredentialsType: 'SERVICE_ROLE',
        environmentVariable: Object.entries(props.environment).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      },
      logsConfig: { cloudwatchLogs: { status: 'ENABLED', groupName: logs.resource.name } },
      dependsOn: props.role.parts,
    })
    this.arn = project.arn
    this.name = project.name
  }
}
