import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { parsePolicies, problemLines } from '../policy/parse-policies.ts'
import { readPolicyFiles } from '../policy/read-policy-files.ts'
import type { PlatformSynthInput } from '../schema/platform-input.ts'
import type { PolicyFile, RulesDocument } from '../schema/policy.ts'
import { PriceFile } from '../schema/price-file.ts'

export interface PackedRules {
  readonly content: string
  /** Of the content, in lower-case hex. */
  readonly sha256: string
}

/** The platform team's files as one document. Throws one error with everything that is wrong in them. */
export function packRules({ policies, prices }: PlatformSynthInput['review']): PackedRules {
  const document: RulesDocument = {
    format: 1,
    policies: policies === undefined ? [] : checkedFiles(policies),
    ...(prices === undefined ? {} : { prices: readPrices(prices) }),
  }
  const content = `${JSON.stringify(document, null, 2)}\n`
  return { content, sha256: createHash('sha256').update(content).digest('hex') }
}

function checkedFiles(directory: string): PolicyFile[] {
  const files = readPolicyFiles(directory)
  const parsed = parsePolicies(files)
  if (parsed.ok) return files
  throw new Error(`The rules in ${directory} do not parse, so nothing is applied:\n${problemLines(parsed.problems)}`)
}

function readPrices(file: string): PriceFile {
  try {
    return PriceFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new Error(`The price list ${file} does not fit, so nothing is applied: ${said}`)
  }
}
