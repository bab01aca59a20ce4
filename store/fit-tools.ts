import type { Tool } from '../schema/server.ts'

const mostBytes = 200_000
const bytes = (tools: Tool[]): number => Buffer.byteLength(JSON.stringify(tools))

/** A tool list that fits into one DynamoDB item (400 KB): whole, else names and descriptions, else as many names as fit. */
export function fitTools(tools: Tool[]): Tool[] {
  if (bytes(tools) <= mostBytes) return tools
  const short = tools.map(({ name, description }) => ({ name, ...(description && { description: description.slice(0, 500) }) }))
  if (bytes(short) <= mostBytes) return short
  const names = short.map(({ name }) => ({ name: name.slice(0, 200) }))
  while (bytes(names) > mostBytes) names.length = Math.floor(names.length * 0.9)
  return names
}
