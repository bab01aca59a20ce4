import { describe, expect, test } from 'vitest'
import { isTerminal, RunStatus, runStatusesBefore, runTransitions, terminalRunStatuses } from '../../schema/run-status.ts'
import { ServerStatus, serverStatusesBefore, serverTransitions, settledStatuses } from '../../schema/server-status.ts'

/** Everything that can follow, however many steps later. */
function reachable(from: string, next: Readonly<Record<string, readonly string[]>>): Set<string> {
  const seen = new Set<string>()
  const queue = [from]
  for (const status of queue) {
    for (const to of next[status] ?? []) {
      if (seen.has(to)) continue
      seen.add(to)
      queue.push(to)
    }
  }
  return seen
}

describe('run statuses', () => {
  test.each(RunStatus.options)('%s has a way to an end', (status) => {
    expect(isTerminal(status) || terminalRunStatuses.some((end) => reachable(status, runTransitions).has(end))).toBe(true)
  })

  test.each(RunStatus.options.filter((status) => !isTerminal(status)))('%s can fail and be cancelled', (status) => {
    expect(runTransitions[status]).toEqual(expect.arrayContaining(['FAILED', 'CANCELLED']))
  })

  test('the ends are these and have no way out', () => {
    expect(terminalRunStatuses).toEqual(['NO_CHANGES', 'SUCCEEDED', 'FAILED', 'DISCARDED', 'CANCELLED', 'SUPERSEDED', 'EXPIRED'])
  })

  test('every status but the first is reached from QUEUED', () => {
    expect([...reachable('QUEUED', runTransitions)].sort()).toEqual(RunStatus.options.filter((status) => status !== 'QUEUED').sort())
  })

  test.each(RunStatus.options)('what comes before %s leads to it', (to) => {
    for (const from of runStatusesBefore(to)) expect(runTransitions[from]).toContain(to)
  })
})

describe('server statuses', () => {
  test.each(ServerStatus.options)('%s has a way to be gone', (status) => {
    expect(reachable(status, serverTransitions)).toContain('GONE')
  })

  test.each(ServerStatus.options)('%s can fail', (status) => {
    expect(serverTransitions[status]).toContain('FAILED')
  })

  test.each(settledStatuses)('%s can be deleted', (status) => {
    expect(serverTransitions[status]).toContain('DELETING')
  })

  test('only what is being deleted or was never applied goes', () => {
    expect(serverStatusesBefore('GONE')).toEqual(['CREATING', 'DELETING'])
  })
})
