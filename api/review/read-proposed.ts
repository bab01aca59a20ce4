import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { FieldError } from '../../schema/error-code.ts'
import type { ProposalProblem, ProposedFile } from './review-provider.ts'

const longestCharacters = 262_144
const deepest = 32
const mostFaults = 20
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

/** JSON and YAML alike (every JSON text is YAML); never throws, whatever somebody has committed. */
export function readProposed({ path, content = '' }: ProposedFile): ProposedDefinition {
  const problem = (line: number, message: string): ProposalProblem => ({ path, line, message })
  const refused = (message: string, line = 1): ProposedDefinition => ({ ok: false, problems: [problem(line, message)] })
  const serverId = proposedServer(path)
  if (!serverId) return refused(`${path} is no definition; expected servers/<id>/definition.json or .yaml`)
  if (content.length > longestCharacters) return refused(`the file has ${content.length} characters; expected at most ${longestCharacters}`)
  const odd = findOdd(content)
  if (odd) return refused(odd.message, odd.line)
  try {
    const lines = new LineCounter()
    const document = parseDocument(content, {
      lineCounter: lines,
      schema: 'core',
      uniqueKeys: false,
      resolveKnownTags: false,
      prettyErrors: false,
    })
    const lineAt = (offset: number): number => Math.max(lines.linePos(offset).line, 1)
    // Of one slip the parser may make many errors; what a tag says beside them is not ours to follow.
    const faults = [...document.errors, ...document.warnings].slice(0, mostFaults)
    if (faults.length > 0) return { ok: false, problems: faults.map(({ pos, message }) => problem(lineAt(pos[0]), message)) }
    const fault = findFault(document)
    if (fault) return refused(fault.message, lineAt(fault.offset))
    const definition: unknown = document.toJS({ maxAliasCount: 0 })
    const lineOf = (error: FieldError): number => lineAt(offsetOf(document, fieldParts(error.path)))
    const locate = (errors: readonly FieldError[]) =>
      errors
        .map((error) => problem(lineOf(error), error.path === '' ? error.message : `${error.path}: ${error.message}`))
        .sort((one, other) => one.line - other.line)
    return { ok: true, serverId, definition, locate }
  } catch (error) {
    return refused(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What the parser would take minutes for, or what is no text: a definition nests a few levels deep. */
function findOdd(content: string): { line: number; message: string } | undefined {
  let depth = 0
  let line = 1
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  for (const [found] of content.matchAll(/\n|[[{]|[\]}]|[\0-\x08\x0e-\x1f\ufffd]|(?:[-?:][ \t]+){32}/g)) {
    if (found === '\n') line += 1
    else if (found === ']' || found === '}') depth = Math.max(depth - 1, 0)
    else if (found === '[' || found === '{') depth += 1
    else if (found.length === 1) return { line, message: 'a character that is no text; expected JSON or YAML in UTF-8' }
    else depth = deepest + 1
    if (depth > deepest) return { line, message: `nested deeper than ${deepest} levels; expected a definition` }
  }
  return undefined
}

/** The parser's own search for a key that comes twice compares each with each. */
function findFault(document: Document): { readonly offset: number; readonly message: string } | undefined {
  let fault: ReturnType<typeof findFault>
  visit(document, (_, node) => {
    const names = new Set<string>()
    for (const { key } of isMap(node) ? node.items : []) {
      if (isNode(key) && names.has(String(key)))
        fault ??= { offset: key.range?.[0] ?? 0, message: `${String(key).slice(0, 100)} is there twice` }
      names.add(String(key))
    }
    if (isAlias(node) || (isNode(node) && node.anchor))
      fault ??= { offset: node.range?.[0] ?? 0, message: 'an anchor or alias; expected every value written out' }
    return fault && visit.BREAK
  })
  return fault
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

/** Where a field's name stands, or what the field should stand in. */
function offsetOf(document: Document, parts: readonly (string | number)[]): number {
  let offset = document.contents?.range?.[0] ?? 0
  let node: unknown = document.contents
  for (const part of parts) {
    const found = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part)) : undefined
    const named: unknown = found?.key ?? (isSeq(node) ? node.items[Number(part)] : undefined)
    if (!isNode(named)) return offset
    offset = named.range?.[0] ?? offset
    node = found ? found.value : named
  }
  return offset
}
