import { type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'

/** Replaces the tasks of a service by new ones of the same kind, one after the other: what they read at their start is read anew. */
export async function rollService(client: ECSClient, cluster: string, service: string): Promise<void> {
  await client.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }))
}
