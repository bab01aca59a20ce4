import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js'
import { Construct } from 'constructs'

export interface RulesObjectProps {
  readonly bucket: string
  /** Path of the rules beside the synthesized files, and the SHA-256 (hex) of what it holds. */
  readonly file: { readonly path: string; readonly sha256: string }
}

/** The platform team's rules and prices, below a key that says what they are: other rules are another object. */
export class RulesObject extends Construct {
  /** A reference: whoever names the key waits until the object is there. */
  readonly key: string

  constructor(scope: Construct, id: string, { bucket, file }: RulesObjectProps) {
    super(scope, id)
    const object = new S3Object(this, 'object', {
      bucket,
      key: `rules/${file.sha256}.json`,
      source: file.path,
      contentType: 'application/json',
      // The contract names the new object before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    })
    this.key = object.key
  }
}
