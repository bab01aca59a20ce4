import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SSMClient } from '@aws-sdk/client-ssm'
import { ulid } from 'ulid'
import { createShortCache } from '../../access/create-short-cache.ts'
import { startRun } from '../../aws/builds.ts'
import { type ReadContract, readContract } from '../../aws/contract.ts'
import { rollService } from '../../aws/roll-service.ts'
import { wakeReconciler } from '../../aws/wake-reconciler.ts'
import { resourceName } from '../../schema/names.ts'
import { connectStore } from '../../store/store-context.ts'
import type { ApiConfig } from '../config.ts'
import type { ApiPorts } from '../ports.ts'
import { consoleLog } from './console-log.ts'
import { createSecretReader } from './review-secrets.ts'
import { createS3Artifacts } from './s3-artifacts.ts'
import { createSecretsManager } from './secrets-manager.ts'
import { createServerStack } from './server-stack.ts'
import { createSynthProcess } from './synth-process.ts'
import { systemClock } from './system-clock.ts'

/** The control plane's ports on AWS. `streamsEvents` says whether what is in front passes streams on. */
export function createApiPorts(config: ApiConfig, options: { streamsEvents: boolean }): ApiPorts {
  const client = { region: config.region, ...(config.endpoint && { endpoint: config.endpoint }) }
  const ssm = new SSMClient(client)
  const codeBuild = new CodeBuildClient(client)
  const s3 = new S3Client({ ...client, forcePathStyle: config.endpoint !== undefined })
  const ecs = new ECSClient(client)
  const cached = createShortCache<ReadContract>({ milliseconds: 10_000, maxEntries: 1, now: systemClock.now })
  const read = () => cached(config.platform, () => readContract(ssm, config.platform))
  const readSecret = createSecretReader(client)
  const events = new EventBridgeClient(client)
  const contract = async () => (await read()).contract
  return {
    store: connectStore(new DynamoDBClient(client), config.table),
    contract,
    contractSha256: async () => (await read()).sha256,
    startBuild: (runId, step) => startRun(codeBuild, config.runnerProject, { runId, step }),
    synth: createSynthProcess(config.stacksBundle),
    artifacts: createS3Artifacts(s3, async () => (await contract()).stateBucket),
    secrets: createSecretsManager(client, async () => (await contract()).kmsKeyArn),
    rollService: ({ platform, cluster, serverId }) => rollService(ecs, cluster, resourceName({ platform, serverId, maxLength: 255 })),
    stack: createServerStack(client, contract),
    webhook: async () => {
      const { repository } = (await contract()).review
      if (repository?.type !== 'github') return
      return { repository: repository.repository, secret: () => readSecret(repository.webhookSecretArn) }
    },
    onReviewChange: () => wakeReconciler(events, config.platform),
    streamsEvents: options.streamsEvents,
    clock: systemClock,
    newId: ulid,
    log: consoleLog,
  }
}
