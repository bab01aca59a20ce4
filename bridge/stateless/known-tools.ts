import { isRecord } from '../stdio/parse-body.ts'
import type { Answer } from './conversation.ts'
import { type MirroredArgument, mirroredArguments } from './mirrored-arguments.ts'

const mostPages = 100

export type KnownTools = {
  mirrored(tool: string): Promise<readonly MirroredArgument[]>
  /** The server said that its tools are others now. */
  forget(): void
}

/** Which arguments a server's tools mirror: its list is read before the first call, and again once it changed. */
export function createKnownTools(list: (cursor?: string) => Promise<Answer>): KnownTools {
  let known: Promise<Map<string, MirroredArgument[]>> | undefined
  const read = async () => {
    const tools = new Map<string, MirroredArgument[]>()
    let cursor: string | undefined
    for (let page = 0; page < mostPages && (page === 0 || cursor !== undefined); page++) {
      const { result } = await list(cursor)
      const { tools: some, nextCursor } = result ?? {}
      for (const tool of Array.isArray(some) ? some.filter(isRecord) : []) tools.set(String(tool.name), mirroredArguments(tool.inputSchema))
      cursor = typeof nextCursor === 'string' ? nextCursor : undefined
    }
    return tools
  }
  return {
    mirrored: async (tool) => {
      known ??= read()
      return (await known).get(tool) ?? []
    },
    forget: () => (known = undefined),
  }
}
