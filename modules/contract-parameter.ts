import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js'
import { Fn } from 'cdktf'
import { Construct } from 'constructs'
import { contractParameter, type PlatformContract } from '../schema/contract.ts'

/** The platform's contract, as one JSON document in SSM; it is what servers know of their platform. */
export class ContractParameter extends Construct {
  constructor(scope: Construct, id: string, props: { readonly contract: PlatformContract }) {
    super(scope, id)
    new SsmParameter(this, 'parameter', {
      name: contractParameter(props.contract.platform),
      type: 'String',
      tier: 'Advanced',
      value: Fn.jsonencode(props.contract),
    })
  }
}
