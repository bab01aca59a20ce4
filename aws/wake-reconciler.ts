import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { reviewEvents } from '../schema/names.ts'

/** Has the reconciler look at once at what somebody decided, instead of at its next sweep. */
export async function wakeReconciler(events: EventBridgeClient, platform: string): Promise<void> {
  const Entries = [{ Source: reviewEvents(platform), DetailType: 'Review Changed', Detail: '{}' }]
  const { FailedEntryCount = 0, Entries: answers = [] } = await events.send(new PutEventsCommand({ Entries }))
  if (FailedEntryCount > 0) throw new Error(`EventBridge took no event: ${answers[0]?.ErrorCode} ${answers[0]?.ErrorMessage}`)
}
