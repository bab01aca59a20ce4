import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js'
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js'
import type { ITerraformDependable } from 'cdktf'
import { Construct } from 'constructs'
import { CorsPreflight } from './cors-preflight.ts'
import type { LambdaFunction } from './lambda-function.ts'

export interface LambdaRouteProps {
  readonly restApiId: string
  readonly resourceId: string
  readonly target: LambdaFunction
}

/** One API resource answered by a function of ours, which authenticates for itself (`/healthz` and the docs are open). */
export class LambdaRoute extends Construct {
  readonly parts: ITerraformDependable[]

  constructor(scope: Construct, id: string, props: LambdaRouteProps) {
    super(scope, id)
    const { restApiId, resourceId } = props
    const method = new ApiGatewayMethod(this, 'method', { restApiId, resourceId, httpMethod: 'ANY', authorization: 'NONE' })
    const integration = new ApiGatewayIntegration(this, 'integration', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: props.target.invokeArn,
    })
    const preflight = new CorsPreflight(this, 'options', { restApiId, resourceId })
    this.parts = [integration, ...preflight.parts]
  }
}
