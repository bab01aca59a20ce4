import { expect } from 'vitest'
import type { ProposedChange } from '../../../../api/review/review-provider.ts'
import type { Review } from '../../../../schema/review.ts'
import { createReviewWorld, openIn, planRequest, type ReviewWorld } from './review-world.ts'

export const path = 'servers/docs/definition.json'

/** A repository whose main defines two servers. */
export async function createProposalWorld(): Promise<ReviewWorld> {
  const world = await createReviewWorld()
  world.commit('first', { [path]: '{"v":1}', 'servers/search/definition.yaml': 'v: 1\n' })
  world.git('push', '--quiet', 'origin', 'main')
  return world
}

/** What people propose in the world of the moment, and what its provider says of that. */
export function proposalsIn(world: () => ReviewWorld) {
  const push = (...refs: string[]) => world().git('push', '--quiet', 'origin', ...refs)
  const only = async (): Promise<ProposedChange | undefined> => {
    const all = await world().provider.proposals()
    expect(all.length).toBeLessThanOrEqual(1)
    return all[0]
  }
  return {
    push,
    only,
    /** Ann's branch with these files, from where she stands. */
    propose(branch: string, files: Record<string, string>): string {
      const { git, commit } = world()
      git('checkout', '--quiet', '-B', branch)
      const made = commit('a change', files)
      push('--force', branch)
      git('checkout', '--quiet', 'main')
      return made
    },
    async reviewed(runId = 'r1', serverId = 'docs'): Promise<Review> {
      const change = await only()
      if (!change) throw new Error('no proposal')
      return openIn(world(), planRequest(runId, serverId, { proposal: change.proposal }))
    },
    look: async (review: Review) => (await world().provider.look([review])).get(review.runId),
  }
}
