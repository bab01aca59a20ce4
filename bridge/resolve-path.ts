/** What a request asks for once the public prefix is gone. */
export type Target = {
  /** The part in front that was removed: `/<stage>/mcp/<id>`, `/mcp/<id>` or nothing. */
  prefix: string
  path: string
  /** With its question mark, or empty. */
  search: string
}

type Options = { serverId: string; stage: string | undefined }

/**
 * Splits a request target into prefix, path and query; undefined where it is no path.
 * Only the canonical spelling of the prefix is known: whatever else comes is a path of the server's own.
 */
export function resolvePath(target: string, options: Options): Target | undefined {
  if (!target.startsWith('/')) return undefined
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  const search = question < 0 ? '' : target.slice(question)
  const published = `/mcp/${options.serverId}`
  const prefixes = options.stage ? [`/${options.stage}${published}`, published] : [published]
  const prefix = prefixes.find((candidate) => path === candidate || path.startsWith(`${candidate}/`)) ?? ''
  return { prefix, path: path.slice(prefix.length) || '/', search }
}
