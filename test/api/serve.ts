import type { Run } from '../../schema/run.ts'
import { beginApply } from '../../store/begin-apply.ts'
import { finishServer } from '../../store/finish-server.ts'
import { readRevision } from '../../store/revisions.ts'
import { readRun } from '../../store/runs.ts'
import { readServer } from '../../store/servers.ts'
import type { StoreContext } from '../../store/store-context.ts'
import { transitionRun } from '../../store/transition-run.ts'

/** Does what the runner does to the store for a queued run: to its end, or as far as APPLYING. */
export async function serve(store: StoreContext, runId: string, to: 'IN_SERVICE' | 'STOPPED' | 'FAILED' | 'APPLYING'): Promise<Run> {
  const queued = await readRun(store, runId)
  if (!queued) throw new Error(`no run ${runId}`)
  const [server, revision] = await Promise.all([
    readServer(store, queued.serverId),
    readRevision(store, queued.serverId, queued.serverUid, queued.revision),
  ])
  const serverTo =
    server?.status === 'CREATING' ? 'CREATING' : revision?.enabled === false ? stopsFrom(server?.status) : startsFrom(server?.status)
  const { run } = await beginApply(store, { run: await transitionRun(store, queued, 'PLANNING'), serverTo })
  if (to === 'APPLYING') return run
  const endpoint = `https://gantry.example.com/live/mcp/${run.serverId}/mcp`
  return (await finishServer(store, { run, to, patch: to === 'IN_SERVICE' ? { endpoint } : {} })).run
}

const stopsFrom = (status: string | undefined) => (status === 'IN_SERVICE' ? 'STOPPING' : 'UPDATING')
const startsFrom = (status: string | undefined) => (status === 'STOPPED' ? 'STARTING' : 'UPDATING')
