import { LineCounter, parseAllDocuments } from 'yaml'
import type { PolicyFile } from '../schema/policy.ts'
import { type ParsedPolicy, type PolicyProblem, parsePolicy } from './parse-policy.ts'

export type ParsedPolicies =
  | { readonly ok: true; readonly policies: readonly ParsedPolicy[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

const maxFileCharacters = 65_536
const maxPolicies = 100

/** Every rule of these files, or everything that is wrong with any of them. */
export function parsePolicies(files: readonly PolicyFile[]): ParsedPolicies {
  const problems: PolicyProblem[] = []
  const policies = files.flatMap((file) => parseFile(file, problems))
  const names = new Map<string, ParsedPolicy>()
  for (const policy of policies) {
    const { name, file, line, column } = policy
    const other = names.get(name)
    if (other) problems.push({ file, line, column, message: `the name ${name} is taken by the rule at ${other.file}:${other.line}` })
    else names.set(name, policy)
  }
  const tooMany = policies[maxPolicies]
  if (tooMany) {
    const { file, line, column } = tooMany
    problems.push({ file, line, column, message: `got ${policies.length} rules, expected at most ${maxPolicies} on a platform` })
  }
  return problems.length === 0 ? { ok: true, policies } : { ok: false, problems }
}

function parseFile({ path, content }: PolicyFile, problems: PolicyProblem[]): ParsedPolicy[] {
  const problem = (message: string): void => void problems.push({ file: path, line: 1, column: 1, message })
  if (content.length > maxFileCharacters) {
    problem(`got ${content.length} characters, expected at most ${maxFileCharacters} in a file`)
    return []
  }
  try {
    const lines = new LineCounter()
    const documents = [...parseAllDocuments(content, { lineCounter: lines, prettyErrors: false })]
    const written = documents.filter(({ contents, errors }) => contents !== null || errors.length > 0)
    if (written.length === 0) problem('no rule in it; expected name, description, level, require and message')
    return written.flatMap((document) => parsePolicy({ path, content, lines }, document, problems) ?? [])
  } catch (error) {
    // Nesting that the parser cannot follow, or an alias.
    problem(`not YAML that a rule may be: ${error instanceof Error ? error.message : error}`)
    return []
  }
}

/** `cost.yaml:3:12: there is no field …`, one line for each problem. */
export const problemLines = (problems: readonly PolicyProblem[]): string =>
  problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n')
