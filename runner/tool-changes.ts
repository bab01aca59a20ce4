import { isDeepStrictEqual } from 'node:util'
import type { Tool } from '../schema/server.ts'
import { fitTools } from '../store/fit-tools.ts'

export interface ToolChanges {
  /** One sentence for a person. */
  readonly message: string
  /** Names, in the order the server gives. */
  readonly added: string[]
  readonly removed: string[]
  readonly changed: string[]
}

/** What a server's tools/list says otherwise than the list `stored` of an earlier one. */
export function compareTools(stored: readonly Tool[], answered: readonly Tool[]): ToolChanges {
  const tools = fitTools([...answered])
  const before = new Map(stored.map((tool) => [tool.name, tool]))
  const after = new Map(tools.map((tool) => [tool.name, tool]))
  const added = names(tools, ({ name }) => !before.has(name))
  const removed = names(stored, ({ name }) => !after.has(name))
  const changed = names(tools, (tool) => before.has(tool.name) && !isDeepStrictEqual(before.get(tool.name), tool))
  const said = Object.entries({ added, removed, changed })
    .filter(([, of]) => of.length > 0)
    .map(([what, of]) => `${what} ${of.join(', ')}`)
  const message = said.length > 0 ? `Its tools have changed: ${said.join('; ')}` : `Its ${answered.length} tools are as they were`
  return { message, added, removed, changed }
}

const names = (tools: readonly Tool[], which: (tool: Tool) => boolean): string[] => tools.filter(which).map(({ name }) => name)
