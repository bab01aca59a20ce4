import { GantryError } from '../../schema/error-code.ts'
import { finishVerification } from '../../store/finish-verification.ts'
import type { RunnerPorts } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { compareTools } from '../tool-changes.ts'

/** Proves once more that a server in service works, and keeps what it says of its tools. The server is changed in nothing else. */
export async function verifyAgain(context: RunContext, ports: RunnerPorts): Promise<void> {
  const { report, store, server, current } = context
  const { tools } = await ports.verify(context)
  const { message, ...changes } = compareTools(server.tools ?? [], tools)
  report.event('tools.compared', message, changes)
  await report.flush()
  try {
    current.run = await finishVerification(store, { run: current.run, server, tools })
  } catch (error) {
    if (!(error instanceof GantryError)) throw error
    const message = 'Another run began to change the server while this one verified it: what that one proves counts.'
    throw new RunFailure('VERIFY_FAILED', message, { cause: error })
  }
}
