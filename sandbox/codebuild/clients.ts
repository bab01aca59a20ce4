import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'

export interface CodeBuildClients {
  readonly codeBuild: CodeBuildClient
  readonly logs: CloudWatchLogsClient
  readonly events: EventBridgeClient
}

/** Clients of the sandbox's own endpoint. */
export function createClients(endpoint: string, region: string): CodeBuildClients {
  const options = { endpoint, region, credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' }, maxAttempts: 5 }
  return {
    codeBuild: new CodeBuildClient(options),
    logs: new CloudWatchLogsClient(options),
    events: new EventBridgeClient(options),
  }
}
