import { Construct } from 'constructs'
import type { ReviewRepository } from '../schema/platform-review.ts'
import { apiPolicy, authorizerPolicy, type PolicyKeys, reconcilerPolicy, secretRead } from './control-plane-policies.ts'
import { LambdaFunction, type LambdaFunctionProps } from './lambda-function.ts'
import { type PlatformNames, platformName, rolePath } from './platform-names.ts'
import { type PolicyStatement, policyJson } from './policy.ts'
import { Role } from './role.ts'

type Zip = LambdaFunctionProps['zip']

export interface PlatformFunctionsProps {
  readonly names: PlatformNames
  readonly keys: PolicyKeys
  readonly zips: { readonly api: Zip; readonly authorizer: Zip; readonly reconciler: Zip }
  readonly environment: { readonly [name: string]: string }
  readonly logRetentionDays: number
  readonly reviewRepository: ReviewRepository | undefined
}

/** The control plane's three functions, each with a role of its own. */
export class PlatformFunctions extends Construct {
  readonly api: LambdaFunction
  readonly authorizer: LambdaFunction
  readonly reconciler: LambdaFunction

  constructor(scope: Construct, id: string, props: PlatformFunctionsProps) {
    super(scope, id)
    const { names, keys } = props
    const github = props.reviewRepository?.type === 'github' ? props.reviewRepository : undefined
    const read = (arn: string | undefined): PolicyStatement[] => (arn ? [secretRead(arn)] : [])
    // Long polls wait up to 20 s; API Gateway itself ends a buffered call after 29.
    this.api = this.lambda(props, 'api', [...apiPolicy(names, keys), ...read(github?.webhookSecretArn)], {
      timeoutSeconds: 29,
      memoryMiB: 1024,
    })
    this.authorizer = this.lambda(props, 'authorizer', authorizerPolicy(names, keys), { timeoutSeconds: 10, memoryMiB: 512 })
    const reconciler = [...reconcilerPolicy(names, keys), ...read(github?.credentials.secretArn)]
    // Another service's rate limit is waited for, up to half a minute a call.
    this.reconciler = this.lambda(props, 'reconciler', reconciler, { timeoutSeconds: 300, memoryMiB: 512 })
  }

  private lambda(
    props: PlatformFunctionsProps,
    kind: 'api' | 'authorizer' | 'reconciler',
    statements: PolicyStatement[],
    size: Pick<LambdaFunctionProps, 'timeoutSeconds' | 'memoryMiB'>,
  ): LambdaFunction {
    const name = `${platformName(props.names)}-${kind}`
    const role = new Role(this, `${kind}-role`, {
      name,
      path: rolePath(props.names),
      service: 'lambda.amazonaws.com',
      policy: policyJson(statements),
    })
    return new LambdaFunction(this, kind, {
      name,
      role,
      zip: props.zips[kind],
      environment: props.environment,
      ...size,
      logRetentionDays: props.logRetentionDays,
      kmsKeyArn: props.keys.dataKeyArn,
    })
  }
}
