import { ApiGatewayAuthorizer } from '@cdktf/provider-aws/lib/api-gateway-authorizer/index.js'
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js'
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js'
import { Construct } from 'constructs'
import type { LambdaFunction } from './lambda-function.ts'

export interface RestApiProps {
  readonly name: string
  readonly authorizer: LambdaFunction
}

/** The one REST API in front of everything, with the Lambda authorizer that decides every call to a server. */
export class RestApi extends Construct {
  readonly apiId: string
  readonly rootResourceId: string
  readonly executionArn: string
  readonly authorizerId: string

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id)
    const api = new ApiGatewayRestApi(this, 'api', { name: props.name, endpointConfiguration: { types: ['REGIONAL'] } })
    const authorizer = new ApiGatewayAuthorizer(this, 'authorizer', {
      name: props.authorizer.name,
      restApiId: api.id,
      type: 'REQUEST',
      authorizerUri: props.authorizer.invokeArn,
      // A cached policy would be reused for other methods and paths, and outlive a revoked key.
      authorizerResultTtlInSeconds: 0,
      // None: REST APIs compare header names by case, the authorizer does not, so it also answers calls without a token.
      identitySource: '',
    })
    new LambdaPermission(this, 'invoke-authorizer', {
      action: 'lambda:InvokeFunction',
      functionName: props.authorizer.name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/authorizers/${authorizer.id}`,
    })
    this.apiId = api.id
    this.rootResourceId = api.rootResourceId
    this.executionArn = api.executionArn
    this.authorizerId = authorizer.id
  }
}
