import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'

export interface AwsProviderProps {
  readonly region: string
  /** Any other account is refused; omitted: whichever the credentials are of. */
  readonly account?: string
  /** Terraform constraint of the provider, e.g. `~> 6.47.0`. */
  readonly providerVersion: string
  /** On everything that can carry tags. */
  readonly tags: { [name: string]: string }
}

/** Gives a stack the AWS provider, for one region and account. */
export function addAwsProvider(stack: TerraformStack, props: AwsProviderProps): void {
  new AwsProvider(stack, 'aws', {
    region: props.region,
    allowedAccountIds: props.account ? [props.account] : undefined,
    defaultTags: [{ tags: props.tags }],
  })
  // The prebuilt bindings name their own exact version and a short source.
  stack.addOverride('terraform.required_providers.aws', { source: 'hashicorp/aws', version: props.providerVersion })
}
