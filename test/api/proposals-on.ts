import type { Run } from '../../schema/run.ts'
import { stdio } from './create-api.ts'
import type { Loop } from './review-loop.ts'
import type { ReviewSide } from './review-sides.ts'
import { serve } from './serve.ts'

export const path = 'servers/docs/definition.json'
export const definition = (changes: object = {}) => `${JSON.stringify({ ...stdio, name: 'Docs', ...changes }, undefined, 2)}\n`

/** What happens around proposals on the side and the loop of the moment. */
export function proposalsOn(current: () => { side: ReviewSide; loop: Loop }) {
  async function newest(serverId = 'docs'): Promise<Run> {
    const run = (await current().loop.runsOf(serverId)).at(-1)
    if (!run) throw new Error(`no run of ${serverId}`)
    return run
  }
  return {
    newest,
    /** A server in service. */
    async serving(name = 'docs'): Promise<void> {
      const { loop } = current()
      const { body } = await loop.call('POST', '/servers', { body: { ...stdio, name: name === 'docs' ? 'Docs' : name } })
      await serve(loop.store, body.run.id, 'IN_SERVICE')
    },
    /** A proposal whose plan has been shown on it. */
    async planned(files: Record<string, string> = { [path]: definition() }, branch = 'add-docs'): Promise<Run> {
      const { side, loop } = current()
      side.propose(branch, files)
      await loop.sweep()
      const run = await loop.plan((await newest()).id)
      await loop.sweep()
      return run
    },
    applies: () => current().loop.builds.filter((build) => build.startsWith('apply')),
  }
}
