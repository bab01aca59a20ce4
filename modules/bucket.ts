import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js'
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js'
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js'
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js'
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js'
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js'
import { Construct } from 'constructs'
import { policyJson } from './policy.ts'

export interface BucketProps {
  readonly name: string
  readonly kmsKeyArn: string
  /** Old versions go after this many days; deleted locks leave two of them each. */
  readonly noncurrentDays: number
  /** Objects under a prefix that go by themselves: prefix → days. */
  readonly expiry?: { readonly [prefix: string]: number }
  readonly forceDestroy: boolean
}

/** A private bucket: versioned, encrypted with our key, TLS only. */
export class Bucket extends Construct {
  readonly name: string
  readonly arn: string

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id)
    const bucket = new S3Bucket(this, 'bucket', { bucket: props.name, forceDestroy: props.forceDestroy })
    this.name = bucket.bucket
    this.arn = bucket.arn
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: bucket.bucket,
      versioningConfiguration: { status: 'Enabled' },
    })
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.bucket,
      rule: [{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: props.kmsKeyArn } }],
    })
    const block = new S3BucketPublicAccessBlock(this, 'private', {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })
    new S3BucketPolicy(this, 'tls-only', { bucket: bucket.bucket, policy: tlsOnly(bucket.arn), dependsOn: [block] })
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.bucket,
      rule: [noncurrentRule(props.noncurrentDays), ...Object.entries(props.expiry ?? {}).map(([prefix, days]) => expiryRule(prefix, days))],
      dependsOn: [versioning],
    })
  }
}

function tlsOnly(bucketArn: string): string {
  return policyJson([
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      // IAM reads action names in any case. An emulator that matches them by case but ignores conditions would otherwise deny all.
      Action: 'S3:*',
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ])
}

function noncurrentRule(noncurrentDays: number) {
  return {
    id: 'noncurrent',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    noncurrentVersionExpiration: [{ noncurrentDays }],
    expiration: [{ expiredObjectDeleteMarker: true }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
  }
}

function expiryRule(prefix: string, days: number) {
  return { id: `expire-${prefix.replace(/\W/g, '')}`, status: 'Enabled', filter: [{ prefix }], expiration: [{ days }] }
}
