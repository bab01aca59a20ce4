import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeRun } from '../../api/judge-run.ts'
import type { RunnerBuild } from '../../aws/builds.ts'
import type { Run } from '../../schema/run.ts'
import { isTerminal, RunStatus } from '../../schema/run-status.ts'

const start = Date.parse('2026-11-21T12:00:00.000Z')
const at = (minutes: number) => new Date(start + minutes * 60_000)
const run = (changes: Partial<Run>): Run => ({
  format: 1,
  id: '01RUN',
  serverId: 'docs',
  serverUid: 'u1',
  revision: 1,
  type: 'apply',
  status: 'APPLYING',
  createdBy: 'key:a',
  createdAt: at(0).toISOString(),
  updatedAt: at(0).toISOString(),
  eventCount: 1,
  ...changes,
})
const build = (status: RunnerBuild['status']): RunnerBuild => ({ id: 'b:1', status, ended: status !== 'IN_PROGRESS', endedAt: undefined })
const ends = ['SUCCEEDED', 'FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'] as const

describe('judgeRun', () => {
  test('leaves alone what ended, waits for a review, or has a build at work, however old it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RunStatus.options), fc.nat(100_000), (status, minutes) => {
        expect(judgeRun(run({ status, buildId: 'b:1' }), build('IN_PROGRESS'), at(minutes)).do).toBe('nothing')
        if (isTerminal(status) || status === 'AWAITING_REVIEW')
          expect(judgeRun(run({ status, buildId: 'b:1' }), build('FAILED'), at(minutes)).do).toBe('nothing')
      }),
    )
  })

  test.each(ends)('ends a run whose build ended %s, and says how and what to do', (status) => {
    const verdict = judgeRun(run({ buildId: 'b:1' }), build(status), at(1))
    expect(verdict).toMatchObject({ do: 'end', buildEnded: true, error: { code: 'RUNNER_LOST' } })
    expect(verdict.do === 'end' && verdict.error.message).toMatch(
      new RegExp(`build b:1 ended ${status} while the run was APPLYING.*Delete the server`),
    )
  })

  test('starts a queued run without a build, and ends it when nobody took it for an hour', () => {
    expect(judgeRun(run({ status: 'QUEUED' }), undefined, at(0)).do).toBe('start')
    expect(judgeRun(run({ status: 'QUEUED' }), undefined, at(60)).do).toBe('start')
    expect(judgeRun(run({ status: 'QUEUED' }), undefined, at(61))).toMatchObject({ do: 'end', error: { code: 'START_FAILED' } })
  })

  test.each([
    ['build that CodeBuild does not know', { buildId: 'b:gone' }],
    ['build nobody noted', {}],
  ])('gives a run with a %s five minutes without a heartbeat', (_what, changes) => {
    const beating = run({ ...changes, heartbeatAt: at(10).toISOString() })
    expect(judgeRun(beating, undefined, at(15)).do).toBe('nothing')
    expect(judgeRun(beating, undefined, at(15.1))).toMatchObject({ do: 'end', error: { code: 'RUNNER_LOST' } })
  })

  test('has a way to an end for every open run', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RunStatus.options.filter((status) => !isTerminal(status) && status !== 'AWAITING_REVIEW')),
        fc.option(fc.constant('b:1'), { nil: undefined }),
        fc.option(fc.constantFrom(...ends), { nil: undefined }),
        (status, buildId, ended) => {
          const open = run({ status, ...(buildId && { buildId }) })
          expect(judgeRun(open, buildId && ended ? build(ended) : undefined, at(120)).do).toBe('end')
        },
      ),
    )
  })
})
