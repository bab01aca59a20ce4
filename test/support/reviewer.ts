import { expect } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { controlPlane } from './control-plane.ts'
import { gitClient } from './git-client.ts'
import type { SandboxDescription } from './sandbox-process.ts'
import { tinyServer } from './tiny-server.ts'

export const branchOf = (run: Run): string => `gantry/${run.serverId}/${run.id}`

export const until = (holds: () => Promise<boolean>): Promise<void> => expect.poll(holds, { timeout: 60_000, interval: 500 }).toBe(true)

/** Ann, who decides with an ordinary git what waits in a sandbox's review repository. */
export async function createReviewer(sandbox: SandboxDescription) {
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  const ann = await gitClient(sandbox.reviewRepository)
  const heads = (name: string) => ann.git('ls-remote', '--heads', 'origin', name)
  return {
    ann,
    heads,
    /** A new server whose plan waits, with its branch. */
    async held(name: string): Promise<Run> {
      const definition = { name, serverType: 'stdio', startCommand: tinyServer(), review: 'always' }
      const { body } = await gantry.call<{ run: Run }>('POST', '/servers', definition)
      const run = await gantry.waiting(body.run.id)
      await until(async () => (await heads(branchOf(run))) !== '')
      return run
    },
  }
}
