import { parseArgs } from 'node:util'
import { runSchemathesis } from './run-schemathesis.ts'

const { values } = parseArgs({
  options: {
    examples: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log('Usage: npm run fuzz -- [--examples N for each operation, default 200] [--seed N, default any]')
} else {
  const { exitCode, output, logged } = await runSchemathesis({ examples: Number(values.examples), seed: Number(values.seed) })
  console.log(output)
  for (const entry of logged) console.log(entry)
  process.exitCode = exitCode
}
