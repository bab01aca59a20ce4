import { tailLogs } from '../../aws/logs.ts'
import { createKey, revokeKey } from '../../store/keys.ts'
import type { MintKey, RunnerPorts, Verified } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { logGroup } from '../server-names.ts'
import { serviceQuestions } from '../service-questions.ts'
import { shakeHands } from './shake-hands.ts'
import { waitForSteadyState } from './wait-for-steady-state.ts'

const keyMinutes = 15
const errorLogLines = 20

/** Waits for the service, then proves with a real MCP handshake, through the route that clients take, that it works. */
export const createVerify =
  (mintKey: MintKey): RunnerPorts['verify'] =>
  async (context) => {
    const { report } = context
    await report.step('steady', 'The service reaches its steady state', () => waitForSteadyState(serviceQuestions(context), context))
    return report.step('handshake', 'An MCP client shakes hands through the published route', () => verifyByHandshake(context, mintKey))
  }

async function verifyByHandshake(context: RunContext, mintKey: MintKey): Promise<Verified> {
  const { contract, server, store, signal, report } = context
  const { run } = context.current
  const endpoint = `${contract.publicUrl}/mcp/${server.id}/mcp`
  const now = Date.now()
  const { token, key } = mintKey({
    description: `handshake of run ${run.id}`,
    admin: false,
    groups: [],
    onlyServer: { id: server.id, uid: server.uid },
    createdBy: `run:${run.id}`,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + keyMinutes * 60_000).toISOString(),
  })
  await createKey(store, key)
  try {
    const { tools, serverVersion } = await shakeHands({ url: endpoint, token, signal })
    const who = serverVersion ? `${serverVersion.name} ${serverVersion.version}` : 'The server'
    report.event('server.verified', `${who} answered at ${endpoint} with ${tools.length} tools`, { endpoint, tools: tools.length })
    return { endpoint, tools }
  } catch (cause) {
    signal.throwIfAborted()
    const logs = await tailLogs(context.clients.logs, { logGroup: logGroup(contract.platform, server.id), lines: errorLogLines })
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new RunFailure('VERIFY_FAILED', `The MCP handshake at ${endpoint} failed: ${said}`, { logs, cause })
  } finally {
    await revokeKey(store, key.id)
  }
}
