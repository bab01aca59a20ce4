import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { S3Client } from '@aws-sdk/client-s3'
import { readBuilds } from '../../aws/builds.ts'
import { freeStateLock } from '../../aws/state-lock.ts'
import type { ApiConfig } from '../config.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { createApiPorts } from './create-api-ports.ts'

/** The reconciler's ports on AWS, and where plans are reviewed. */
export async function createReconcilerPorts(config: ApiConfig, review: ReconcilerPorts['review']): Promise<ReconcilerPorts> {
  const client = { region: config.region, ...(config.endpoint && { endpoint: config.endpoint }) }
  const codeBuild = new CodeBuildClient(client)
  const s3 = new S3Client({ ...client, forcePathStyle: config.endpoint !== undefined })
  const api = createApiPorts(config, { streamsEvents: false })
  const { stateBucket } = await api.contract()
  return {
    ...api,
    readBuilds: (ids) => readBuilds(codeBuild, ids),
    freeStateLock: (stateKey, proof) => freeStateLock(s3, stateBucket, stateKey, proof),
    review,
  }
}
