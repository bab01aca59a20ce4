import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { PolicyInput } from '../schema/policy.ts'
import { evaluatePolicies } from './evaluate-policies.ts'
import { parsePolicies, problemLines } from './parse-policies.ts'
import { readPolicyFiles } from './read-policy-files.ts'

const help = `Usage: npm run policies -- <directory> [--input <file>]

Checks that every rule below a directory parses; with --input also asks them about one plan.

  --input  a JSON file of what rules can ask about, such as examples/policies/input.json
  --help   this text

Exit code: 0 in order (warnings included), 1 a rule denies, 2 a file does not parse.
`

function main(): number {
  const options = { input: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [directory, ...more] = positionals
  if (values.help) return say(help, 0)
  if (directory === undefined || more.length > 0) return say(`Got ${positionals.length} directories, expected one.\n\n${help}`, 2)
  const parsed = parsePolicies(readPolicyFiles(directory))
  if (!parsed.ok) return say(`${problemLines(parsed.problems)}\n`, 2)
  if (values.input === undefined) return say(`${parsed.policies.length} rules, all in order.\n`, 0)
  const input = PolicyInput.parse(JSON.parse(readFileSync(values.input, 'utf8')))
  const findings = evaluatePolicies(parsed.policies, input)
  const lines = findings.map(
    ({ level, rule, file, address, message }) => `${level} ${rule} (${file})${address ? ` ${address}` : ''}: ${message}`,
  )
  return say(`${lines.join('\n') || 'No rule has anything to say.'}\n`, findings.some(({ level }) => level === 'deny') ? 1 : 0)
}

function say(text: string, exitCode: number): number {
  process.stdout.write(text)
  return exitCode
}

try {
  process.exitCode = main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 2
}
