import { BatchGetBuildsCommand, type Build, type CodeBuildClient } from '@aws-sdk/client-codebuild'
import { vi } from 'vitest'

/** The build when it is over, by asking as a client would. */
export function awaitBuild(client: CodeBuildClient, id: string): Promise<Build> {
  return vi.waitUntil(
    async () => {
      const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }))
      return builds?.[0]?.buildComplete ? builds[0] : undefined
    },
    { timeout: 20_000, interval: 50 },
  )
}
