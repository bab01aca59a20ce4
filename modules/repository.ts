import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js'
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js'
import { Construct } from 'constructs'

export interface RepositoryProps {
  readonly name: string
  readonly forceDelete: boolean
}

/** A repository of the platform's own images: tags never move, old images without a tag go. */
export class Repository extends Construct {
  readonly arn: string

  constructor(scope: Construct, id: string, props: RepositoryProps) {
    super(scope, id)
    const repository = new EcrRepository(this, 'repository', {
      name: props.name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: props.forceDelete,
    })
    const untagged = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 }
    new EcrLifecyclePolicy(this, 'lifecycle', {
      repository: repository.name,
      policy: JSON.stringify({ rules: [{ rulePriority: 1, selection: untagged, action: { type: 'expire' } }] }),
    })
    this.arn = repository.arn
  }
}
