import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { Build } from './build-record.ts'

/** Tells EventBridge a build's status, in the words of CodeBuild's own event. */
export async function announce(client: EventBridgeClient, build: Build): Promise<void> {
  const detail = {
    'build-status': build.buildStatus,
    'project-name': build.projectName,
    'build-id': build.arn,
    'current-phase': build.currentPhase,
    'current-phase-context': '[]',
    version: '1',
    'additional-information': {
      'build-complete': build.buildComplete,
      'build-number': build.buildNumber,
      initiator: build.initiator,
      environment: build.environment,
      logs: { 'group-name': build.logs.groupName, 'stream-name': build.logs.streamName },
    },
  }
  const entry = {
    Source: 'aws.codebuild',
    DetailType: 'CodeBuild Build State Change',
    Detail: JSON.stringify(detail),
    Resources: [build.arn],
  }
  await client.send(new PutEventsCommand({ Entries: [entry] }))
}
