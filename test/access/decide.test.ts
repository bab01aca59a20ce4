import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actions, decide } from '../../access/decide.ts'

const group = fc.constantFrom('group:a', 'group:b', 'group:c')
const server = fc.record({
  id: fc.constantFrom('docs', 'wiki'),
  uid: fc.constantFrom('1', '2'),
  groups: fc.uniqueArray(group),
})
const member = fc.record({ id: fc.string(), admin: fc.constant(false), groups: fc.uniqueArray(group) })
const runKey = fc.record({
  id: fc.string(),
  admin: fc.boolean(),
  groups: fc.uniqueArray(group),
  onlyServer: fc.record({ id: fc.constantFrom('docs', 'wiki'), uid: fc.constantFrom('1', '2') }),
})
const action = fc.constantFrom(...actions)

describe('decide', () => {
  test('refuses everything to nobody', () => {
    fc.assert(
      fc.property(action, fc.option(server, { nil: undefined }), (what, which) => {
        expect(decide(undefined, what, which)).toEqual({ allow: false, code: 'UNAUTHENTICATED' })
      }),
    )
  })

  test('lets a member see and call exactly the servers without groups or with one of theirs', () => {
    fc.assert(
      fc.property(member, fc.constantFrom('server:read' as const, 'server:call' as const), server, (who, what, which) => {
        const theirs = which.groups.length === 0 || which.groups.some((name) => who.groups.includes(name))
        expect(decide(who, what, which).allow).toBe(theirs)
      }),
    )
  })

  test('gives a member nothing but list, read and call', () => {
    fc.assert(
      fc.property(member, action, fc.option(server, { nil: undefined }), (who, what, which) => {
        fc.pre(!['server:list', 'server:read', 'server:call'].includes(what))
        expect(decide(who, what, which)).toEqual({ allow: false, code: 'FORBIDDEN' })
      }),
    )
  })

  test("opens to a run's own key one life of one server, whatever else the key says", () => {
    fc.assert(
      fc.property(runKey, action, fc.option(server, { nil: undefined }), (who, what, which) => {
        const itsServer = which?.id === who.onlyServer.id && which.uid === who.onlyServer.uid
        expect(decide(who, what, which).allow).toBe(what === 'server:call' && itsServer)
      }),
    )
  })

  test('denies an action it does not know, also to an admin about to call no server', () => {
    const admin = { id: 'key:a', admin: true, groups: [] }
    expect(decide(admin, 'server:call').allow).toBe(false)
    expect(decide({ ...admin, admin: false }, 'constructor' as 'server:call').allow).toBe(false)
  })

  test('gives an admin every action', () => {
    fc.assert(
      fc.property(action, server, (what, which) => {
        expect(decide({ id: 'key:a', admin: true, groups: [] }, what, which).allow).toBe(true)
      }),
    )
  })
})
