import { DataAwsKmsPublicKey } from '@cdktf/provider-aws/lib/data-aws-kms-public-key/index.js'
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js'
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js'
import { Construct } from 'constructs'
import { globalArn } from './arn.ts'
import { policyJson } from './policy.ts'

export interface KeysProps {
  /** The aliases are `alias/<name>-data` and `alias/<name>-identity`. */
  readonly name: string
  readonly region: string
  readonly account: string
  readonly deletionWindowDays: number
}

/** The key data is encrypted with, and the one that signs caller identities (ES256). */
export class Keys extends Construct {
  readonly dataKeyArn: string
  readonly identity: { readonly arn: string; readonly publicKey: string }

  constructor(scope: Construct, id: string, props: KeysProps) {
    super(scope, id)
    const { deletionWindowDays: deletionWindowInDays } = props
    const data = new KmsKey(this, 'data', {
      description: `${props.name}: state, artifacts, table, logs`,
      enableKeyRotation: true,
      deletionWindowInDays,
      policy: dataKeyPolicy(props),
    })
    new KmsAlias(this, 'data-alias', { name: `alias/${props.name}-data`, targetKeyId: data.id })
    const identity = new KmsKey(this, 'identity', {
      description: `${props.name}: signs caller identities`,
      keyUsage: 'SIGN_VERIFY',
      customerMasterKeySpec: 'ECC_NIST_P256',
      deletionWindowInDays,
    })
    new KmsAlias(this, 'identity-alias', { name: `alias/${props.name}-identity`, targetKeyId: identity.id })
    const publicKey = new DataAwsKmsPublicKey(this, 'identity-public', { keyId: identity.id })
    this.dataKeyArn = data.arn
    this.identity = { arn: identity.arn, publicKey: publicKey.publicKey }
  }
}

/** The account decides by IAM, as by default; CloudWatch Logs may use the key for this account's log groups. */
function dataKeyPolicy(place: { region: string; account: string }): string {
  const logGroups = `arn:*:logs:${place.region}:${place.account}:log-group:*`
  return policyJson([
    { Effect: 'Allow', Principal: { AWS: globalArn(place, 'iam', 'root') }, Action: 'kms:*', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { Service: `logs.${place.region}.amazonaws.com` },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    },
  ])
}
