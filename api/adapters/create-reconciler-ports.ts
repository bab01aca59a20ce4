import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SSMClient } from '@aws-sdk/client-ssm'
import { readBuilds, startRun } from '../../aws/builds.ts'
import { readContract } from '../../aws/contract.ts'
import { freeStateLock } from '../../aws/state-lock.ts'
import { connectStore } from '../../store/store-context.ts'
import type { ApiConfig } from '../config.ts'
import type { ReconcilerPorts } from '../reconciler-ports.ts'
import { consoleLog } from './console-log.ts'
import { systemClock } from './system-clock.ts'

/** The reconciler's ports on AWS. */
export async function createReconcilerPorts(config: Omit<ApiConfig, 'stacksBundle'>): Promise<ReconcilerPorts> {
  const client = { region: config.region, ...(config.endpoint && { endpoint: config.endpoint }) }
  const codeBuild = new CodeBuildClient(client)
  const s3 = new S3Client({ ...client, forcePathStyle: config.endpoint !== undefined })
  const { contract } = await readContract(new SSMClient(client), config.platform)
  return {
    store: connectStore(new DynamoDBClient(client), config.table),
    startBuild: (runId) => startRun(codeBuild, config.runnerProject, runId),
    readBuilds: (ids) => readBuilds(codeBuild, ids),
    freeStateLock: (stateKey, proof) => freeStateLock(s3, contract.stateBucket, stateKey, proof),
    now: systemClock.now,
    log: consoleLog,
  }
}
