import { createKey, revokeKey } from '../../store/keys.ts'
import type { MintKey, RunnerPorts, Verified } from '../ports.ts'
import type { RunContext } from '../run-context.ts'
import { RunFailure } from '../run-failure.ts'
import { type ServiceQuestions, serviceQuestions } from '../service-questions.ts'
import { refuseStoppedTasks } from './refuse-stopped-tasks.ts'
import { settleService } from './settle-service.ts'
import { shakeHands } from './shake-hands.ts'

const keyMinutes = 15

/** Waits for the service; proves with a real MCP handshake, through the route that clients take, that it works. */
export const createRunnerPorts = (mintKey: MintKey): RunnerPorts => ({
  settle: settleService,
  verify: (context) =>
    context.report.step('handshake', 'An MCP client shakes hands through the published route', () =>
      verifyByHandshake(context, serviceQuestions(context), mintKey),
    ),
})

async function verifyByHandshake(context: RunContext, service: ServiceQuestions, mintKey: MintKey): Promise<Verified> {
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
  const applied = await service.appliedTaskDefinition()
  const refuseDeadTasks = async (): Promise<void> => void (applied && (await refuseStoppedTasks(service, applied)))
  await createKey(store, key)
  try {
    const { tools, serverVersion } = await shakeHands({ url: endpoint, token, signal, beforeRetry: refuseDeadTasks })
    const who = serverVersion ? `${serverVersion.name} ${serverVersion.version}` : 'The server'
    report.event('server.verified', `${who} answered at ${endpoint} with ${tools.length} tools`, { endpoint, tools: tools.length })
    return { endpoint, tools }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof RunFailure) throw cause
    await refuseDeadTasks()
    const logs = await service.lastLines({ since: new Date(now) })
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new RunFailure('VERIFY_FAILED', `The MCP handshake at ${endpoint} failed: ${said}`, { logs, cause })
  } finally {
    await revokeKey(store, key.id)
  }
}
