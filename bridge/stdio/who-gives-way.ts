import type { Session } from './session.ts'

/**
 * The session that ends where its place is wanted by this caller: the one that nobody has used for the longest time, if that is long. A
 * caller who has none takes one from the caller who has the most, so that nobody can keep everybody else out. One with a call under way
 * stays: its client may still ask for the answer with Last-Event-ID.
 */
export function whoGivesWay(sessions: Iterable<Session>, sub: string, abandonedMs: number): Session | undefined {
  const now = Date.now()
  const counts = new Map<string, number>()
  const quiet: { session: Session; ms: number }[] = []
  for (const session of sessions) {
    counts.set(session.sub, (counts.get(session.sub) ?? 0) + 1)
    if (session.pendingCount === 0) quiet.push({ session, ms: session.beat(now, Number.POSITIVE_INFINITY) })
  }
  const [longest] = quiet.sort((a, b) => b.ms - a.ms)
  if (longest && longest.ms >= abandonedMs) return longest.session
  if (counts.has(sub)) return undefined
  const countOf = (session: Session) => counts.get(session.sub) ?? 0
  const most = Math.max(...quiet.map(({ session }) => countOf(session)))
  return most > 1 ? quiet.find(({ session }) => countOf(session) === most)?.session : undefined
}
