/** The sandbox's one region; credentials are no secret, for nothing checks them. */
export const region = 'us-east-1'

/** What makes an AWS SDK or Terraform's AWS provider speak to the sandbox, and to nothing else. */
export function awsEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The SDK says at every start that it will want a newer Node one day.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
}

/** For Terraform besides: S3 Control puts the account before the endpoint's host, which only a proxy can find. */
export const terraformAwsEnvironment = (url: string): Record<string, string> => ({ ...awsEnvironment(url), HTTP_PROXY: url })
