import { LineCounter, parseDocument } from 'yaml'
import type { FieldError } from '../../schema/error-code.ts'
import type { ProposalProblem, ProposedFile } from './review-provider.ts'

const longestCharacters = 262_144
const place = /^servers\/([a-z0-9]{1,40})\/definition\.(?:json|yaml|yml)$/

/** A definition file of somebody's change: the server it is about, its content, and where each field stands. */
export type ProposedDefinition =
  | {
      readonly ok: true
      readonly serverId: string
      readonly definition: unknown
      /** What is wrong with fields, on their lines. */
      readonly locate: (errors: readonly FieldError[]) => ProposalProblem[]
    }
  | { readonly ok: false; readonly problems: ProposalProblem[] }

/** The server that a path is about; undefined where it is no definition. */
export const proposedServer = (path: string): string | undefined => place.exec(path)?.[1]

/** JSON and YAML alike (every JSON text is YAML); never throws. */
export function readProposed({ path, content = '' }: ProposedFile): ProposedDefinition {
  const problem = (line: number, message: string): ProposalProblem => ({ path, line, message })
  const serverId = proposedServer(path)
  if (!serverId) return { ok: false, problems: [problem(1, `${path} is no definition; expected servers/<id>/definition.json or .yaml`)] }
  if (content.length > longestCharacters)
    return { ok: false, problems: [problem(1, `the file has ${content.length} characters; expected at most ${longestCharacters}`)] }
  const lines = new LineCounter()
  const document = parseDocument(content, { lineCounter: lines, schema: 'core', uniqueKeys: true })
  const lineAt = (offset: number): number => lines.linePos(offset).line
  if (document.errors.length > 0)
    return { ok: false, problems: document.errors.map(({ pos, message }) => problem(lineAt(pos[0]), message.split('\n')[0] ?? message)) }
  try {
    const definition: unknown = document.toJS({ maxAliasCount: 0 })
    const lineOf = (error: FieldError): number => lineAt(offsetOf(document, fieldParts(error.path)))
    const locate = (errors: readonly FieldError[]) =>
      errors.map((error) => problem(lineOf(error), error.path === '' ? error.message : `${error.path}: ${error.message}`))
    return { ok: true, serverId, definition, locate }
  } catch (error) {
    return { ok: false, problems: [problem(1, error instanceof Error ? error.message : String(error))] }
  }
}

const part = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y

/** `autoScalingConfig.minCapacity`, `groups[0]` and `tags["cost center"]` as the steps to a value. */
function fieldParts(path: string): (string | number)[] {
  return [...path.matchAll(new RegExp(part.source, 'g'))].map(([, name, index, quoted]) => {
    if (index !== undefined) return Number(index)
    return quoted === undefined ? (name ?? '') : (JSON.parse(quoted) as string)
  })
}

type Document = ReturnType<typeof parseDocument>

/** Where a field stands, or what it should stand in. */
function offsetOf(document: Document, parts: readonly (string | number)[]): number {
  for (let length = parts.length; length > 0; length -= 1) {
    const node = document.getIn(parts.slice(0, length), true) as { range?: readonly number[] | null } | undefined
    if (node?.range) return node.range[0] ?? 0
  }
  return document.contents?.range?.[0] ?? 0
}
