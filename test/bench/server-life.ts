import { BatchGetBuildsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild'
import type { RunEvent } from '../../schema/run.ts'
import { type Accepted, controlPlane, mcpClient } from '../support/control-plane.ts'
import { example } from '../support/example.ts'
import type { SandboxProcess } from '../support/sandbox-process.ts'
import { type Bench, timed } from './bench.ts'
import { type RawSeconds, rawTerraform } from './raw-terraform.ts'
import { watchMemory } from './watch-memory.ts'

export type LifeMode = 'shared' | 'dedicated'

export interface ServerLife {
  /** From the POST until an official client has the tools. */
  readonly toFirstToolsList: number
  /** Of the program `gantry-run`, from its start to its end. */
  readonly runner: number
  /** Seconds of the run's steps, as its events say; a step inside another is `outer > inner`. */
  readonly steps: Readonly<Record<string, number>>
  /** The run's own Terraform files, done by hand right after it; shared mode only. */
  readonly raw: RawSeconds | undefined
  /** The most that the build's processes held at once. */
  readonly peakMiB: number
}

/** Creates the example server, measures, and deletes it again. */
export async function measureLife(bench: Bench, mode: LifeMode): Promise<ServerLife> {
  const sandbox = await bench.start(await bench.directory('servers'))
  const gantry = controlPlane(sandbox.url, sandbox.adminKey)
  bench.say(`a server's life, ${mode}`)
  const memory = watchMemory()
  const { result, seconds } = await timed(async () => {
    const { body } = await gantry.call<Accepted>('POST', '/servers', {
      ...example('everything-stdio'),
      name: `Bench ${mode}`,
      loadBalancer: { mode },
    })
    memory.follow(body.run.id)
    const followed = await gantry.follow(body.run.id)
    if (followed.run.status !== 'SUCCEEDED') throw new Error(`the run ended ${followed.run.status}: ${followed.run.error?.message}`)
    const client = await mcpClient(`${sandbox.url}/mcp/${body.server.id}/mcp`, sandbox.adminKey)
    await client.listTools()
    return { client, server: body.server, ...followed }
  })
  const { run, events, server, client } = result
  const peakMiB = memory.stop()
  await client.close()
  const raw = mode === 'shared' ? await rawTerraform(bench, sandbox, { runId: run.id, serverId: server.id }) : undefined
  const runner = await secondsOfBuild(sandbox, run.buildId)
  await gantry.remove(server.id)
  bench.say(`  ${seconds.toFixed(1)} s to the first tools/list`)
  return { toFirstToolsList: seconds, runner, steps: stepSeconds(events), raw, peakMiB }
}

function stepSeconds(events: readonly RunEvent[]): Record<string, number> {
  const seconds: Record<string, number> = {}
  const open: string[] = []
  for (const { type, data } of events) {
    if (type === 'step.started') open.push(String(data?.step))
    if (type !== 'step.finished') continue
    seconds[open.join(' > ')] = Number(data?.seconds)
    open.pop()
  }
  return seconds
}

/** The build's phase BUILD is one command, `gantry-run`. */
async function secondsOfBuild({ emulatorUrl, region }: SandboxProcess, buildId: string | undefined): Promise<number> {
  const client = new CodeBuildClient({ endpoint: emulatorUrl, region })
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [buildId ?? ''] }))
  const phase = builds?.[0]?.phases?.find(({ phaseType }) => phaseType === 'BUILD')
  if (!phase?.startTime || !phase.endTime) throw new Error(`build ${buildId} has no phase BUILD that ended`)
  return (phase.endTime.getTime() - phase.startTime.getTime()) / 1000
}
