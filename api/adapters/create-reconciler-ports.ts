import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { S3Client } from '@aws-sdk/client-s3'
import { readBuilds } from '../../aws/builds.ts'
import { freeStateLock } from '../../aws/state-lock.ts'
import type { ApiConfig } from '../config.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import type { ReviewProvider } from '../review/review-provider.ts'
import { createApiPorts } from './create-api-ports.ts'
import { createGitHubReviewFromContract } from './github-review.ts'
import { createSecretReader } from './review-secrets.ts'

/** The reconciler's ports on AWS; plans are reviewed by `review`, or where the contract says. */
export async function createReconcilerPorts(config: ApiConfig, review?: ReviewProvider): Promise<ReconcilerPorts> {
  const client = { region: config.region, ...(config.endpoint && { endpoint: config.endpoint }) }
  const codeBuild = new CodeBuildClient(client)
  const s3 = new S3Client({ ...client, forcePathStyle: config.endpoint !== undefined })
  const api = createApiPorts(config, { streamsEvents: false })
  const { stateBucket, review: settings } = await api.contract()
  // Plain Git needs a git beside this process, which Lambda has not.
  const onGitHub = settings.repository?.type === 'github' && settings.repository
  return {
    ...api,
    readBuilds: (ids) => readBuilds(codeBuild, ids),
    freeStateLock: (stateKey, proof) => freeStateLock(s3, stateBucket, stateKey, proof),
    review: review ?? (onGitHub ? createGitHubReviewFromContract(onGitHub, createSecretReader(client), api.log) : undefined),
  }
}
