import { describe, expect, test } from 'vitest'
import { matchesEtag, matchesRevision, revisionTag, serverEtag } from '../../api/etag.ts'

const server = { uid: 'u1', revision: 3, running: 1 }
const seen = (running: number): string => {
  const shown = { ...server, running }
  return serverEtag(shown)
}

describe('a tag of a server', () => {
  test('changes with anything that is shown, for If-None-Match', () => {
    expect(matchesEtag(serverEtag(server), serverEtag(server))).toBe(true)
    expect(matchesEtag(`"x", W/${serverEtag(server)}`, serverEtag(server))).toBe(true)
    expect(matchesEtag(seen(2), serverEtag(server))).toBe(false)
  })

  test.each([
    ['the tag it was read with', serverEtag(server), true],
    ['the same revision read while other tasks ran', seen(2), true],
    ['what a change answered', `"${revisionTag(server)}"`, true],
    ['one of several', `"x", ${serverEtag(server)}`, true],
    ['any', '*', true],
    ['an older revision', serverEtag({ ...server, revision: 2 }), false],
    ['another life of the server', serverEtag({ ...server, uid: 'u2' }), false],
    ['a weak tag', `W/${serverEtag(server)}`, false],
    ['nothing', '', false],
    ['a beginning of it', `"${revisionTag(server).slice(0, -1)}"`, false],
  ])('If-Match: %s', (_what, header, matches) => {
    expect(matchesRevision(header, server)).toBe(matches)
  })
})
