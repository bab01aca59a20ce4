import { readFileSync } from 'node:fs'
import { parseConfig } from './config.ts'
import { synthesize } from './synthesize.ts'

try {
  const { inputFile, outdir } = parseConfig()
  await synthesize(JSON.parse(readFileSync(inputFile, 'utf8')), outdir)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
