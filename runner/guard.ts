import { answerCdktf } from './guard/answer-cdktf.ts'
import { parseGuardConfig } from './guard/config.ts'

// cdktf may be gone, and its terminal with it: Terraform must still be waited for.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const answered = async () => answerCdktf(parseGuardConfig(), process.argv.slice(2), process)

answered().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`gantry guard: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  },
)
