import { LambdaFunction as AwsLambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js'
import { Construct } from 'constructs'
import type { Role } from './role.ts'
import { ServiceLogGroup } from './service-log-group.ts'

export interface LambdaFunctionProps {
  readonly name: string
  readonly role: Role
  /** Path of the zip beside the synthesized files, and the SHA-256 (base64) of what it holds. */
  readonly zip: { readonly path: string; readonly sha256: string }
  readonly environment: { readonly [name: string]: string }
  readonly timeoutSeconds: number
  readonly memoryMiB: number
  readonly logRetentionDays: number
  readonly kmsKeyArn: string
}

/** One of Gantry's own functions: ARM, Node 22, its log group made first so that it never expires unbounded. */
export class LambdaFunction extends Construct {
  readonly arn: string
  readonly name: string
  readonly invokeArn: string

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id)
    const logs = new ServiceLogGroup(this, 'logs', {
      name: `/aws/lambda/${props.name}`,
      retentionDays: props.logRetentionDays,
      kmsKeyArn: props.kmsKeyArn,
    })
    const lambda = new AwsLambdaFunction(this, 'function', {
      functionName: props.name,
      role: props.role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: props.zip.path,
      sourceCodeHash: props.zip.sha256,
      environment: { variables: { ...props.environment } },
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMiB,
      dependsOn: [logs.resource, ...props.role.parts],
    })
    this.arn = lambda.arn
    this.name = lambda.functionName
    this.invokeArn = lambda.invokeArn
  }
}
