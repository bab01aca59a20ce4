import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRemote } from '../../../../api/review/git/parse-remote.ts'

describe('parseRemote', () => {
  test.each([
    ['/srv/reviews.git', '/srv/reviews.git'],
    ['reviews.git', resolve('reviews.git')],
    ['--upload-pack=x', resolve('--upload-pack=x')],
    ['file:///srv/my%20reviews.git', '/srv/my reviews.git'],
  ])('takes %s for a directory here', (remote, path) => {
    expect(parseRemote(remote)).toEqual({ address: path, shown: path, path, env: {} })
  })

  test.each(['git@host.example:team/reviews.git', 'ssh://host.example/reviews.git', 'https://host.example/reviews.git'])(
    'takes %s for a repository elsewhere',
    (remote) => {
      expect(parseRemote(remote)).toEqual({ address: remote, shown: remote, env: {} })
    },
  )

  test('moves the credentials of a URL from the arguments to the environment', () => {
    const { address, shown, env } = parseRemote('https://bot:p%40ss@host.example/reviews.git')
    expect([address, shown]).toEqual(['https://host.example/reviews.git', 'https://host.example/reviews.git'])
    expect(env.GIT_CONFIG_VALUE_0).toBe(`Authorization: Basic ${Buffer.from('bot:p@ss').toString('base64')}`)
  })

  test('shows the URL of a shell login without it', () => {
    expect(parseRemote('ssh://bot:secret@host.example/x.git').shown).toBe('ssh://***@host.example/x.git')
  })

  test.each(['ext::sh -c "touch pwned"', 'fd::1', 'ftp://host/x', 'file://host/x', 'https://a:%zz@host/x', 'http://'])(
    'refuses %s',
    (remote) => {
      expect(() => parseRemote(remote)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }))
    },
  )

  test('refuses without repeating a password', () => {
    expect(() => parseRemote('ftp://bot:secret@host.example/x')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    )
  })
})
