import { describe, expect, test } from 'vitest'
import { type CourseInput, courseOf } from '../../runner/course.ts'
import { Definition } from '../../schema/definition.ts'
import { resolveDefinition } from '../../schema/resolve-definition.ts'
import type { Server } from '../../schema/server.ts'
import { newServer } from '../support/store-records.ts'
import { exampleContract } from '../support/synth-inputs.ts'

const definition = (more: object = {}) =>
  resolveDefinition(Definition.parse({ name: 'Docs', serverType: 'stdio', startCommand: 'x', ...more }), exampleContract())
const server = (some: Partial<Server>): Server => ({ ...newServer('docs').server, appliedRevision: 1, appliedMode: 'shared', ...some })

const course = (some: Partial<Omit<CourseInput, 'server'>> & { server?: Partial<Server> }) =>
  courseOf({
    run: {},
    enabled: true,
    definition: definition(),
    desiredNow: 1,
    ...some,
    server: server({ status: 'IN_SERVICE', ...some.server }),
  })

describe('what the server is while a run applies, and after', () => {
  test.each([
    ['CREATING', true, 'CREATING', 'IN_SERVICE'],
    ['IN_SERVICE', true, 'UPDATING', 'IN_SERVICE'],
    ['IN_SERVICE', false, 'STOPPING', 'STOPPED'],
    ['STOPPED', true, 'STARTING', 'IN_SERVICE'],
    ['STOPPED', false, 'UPDATING', 'STOPPED'],
    ['FAILED', true, 'UPDATING', 'IN_SERVICE'],
    ['FAILED', false, 'UPDATING', 'STOPPED'],
  ] as const)('%s with enabled %s is %s, then %s', (status, enabled, serverTo, endsAs) => {
    expect(course({ server: { status }, enabled })).toMatchObject({ serverTo, endsAs })
  })

  test("a server whose revision today's schema refuses is stopped the way it was applied", () => {
    const stop = course({ definition: undefined, enabled: false, server: { appliedMode: 'dedicated' } })
    expect(stop).toMatchObject({ serverTo: 'STOPPING', endsAs: 'STOPPED', keepMode: undefined, desiredCount: undefined })
  })

  test.each([
    ['IN_SERVICE', true, true],
    ['STOPPED', false, true],
    ['IN_SERVICE', false, false],
    ['STOPPED', true, false],
    ['FAILED', true, false],
    ['CREATING', true, false],
  ] as const)('a plan without changes on %s with enabled %s leaves nothing to prove: %s', (status, enabled, settled) => {
    expect(course({ server: { status }, enabled }).settled).toBe(settled)
  })
})

describe('a change of load balancer mode', () => {
  const dedicated = definition({ loadBalancer: { mode: 'dedicated' } })

  test.each(['IN_SERVICE', 'FAILED'] as const)('keeps the old one while a server that was applied is %s', (status) => {
    expect(course({ definition: dedicated, server: { status } })).toMatchObject({ keepMode: 'shared', settled: false })
  })

  test('takes the old one away in the contract run', () => {
    expect(course({ definition: dedicated, run: { phase: 'contract' } }).keepMode).toBeUndefined()
  })

  test('has nothing to keep where nobody calls, or where nothing was ever proven', () => {
    expect(course({ definition: dedicated, server: { status: 'STOPPED' } }).keepMode).toBeUndefined()
    expect(course({ definition: dedicated, enabled: false }).keepMode).toBeUndefined()
    expect(course({ definition: dedicated, server: { status: 'FAILED', appliedMode: undefined } }).keepMode).toBeUndefined()
  })
})

test.each([
  [0, 2],
  [1, 2],
  [2, undefined],
  [4, undefined],
  [9, 5],
  [undefined, undefined],
])('with %s tasks and limits 2 to 5 the count is set to %s', (desiredNow, desiredCount) => {
  const scaled = definition({ autoScalingConfig: { minCapacity: 2, maxCapacity: 5 } })
  expect(course({ definition: scaled, desiredNow }).desiredCount).toBe(desiredCount)
  expect(course({ definition: scaled, desiredNow, enabled: false }).desiredCount).toBeUndefined()
})
