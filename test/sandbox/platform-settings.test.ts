import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readPlatformSettings } from '../../sandbox/platform-settings.ts'

const directory = mkdtempSync(join(tmpdir(), 'platform-settings-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const file = join(directory, 'platform.json')
const read = (content: string) => {
  writeFileSync(file, content)
  return readPlatformSettings(file)
}

test('nothing is set where no file is named', () => {
  expect(readPlatformSettings(undefined)).toEqual({})
})

test('only what is set is set, and its paths are relative to the file', () => {
  const settings = { defaults: { review: 'always' }, review: { fourEyes: true, policies: 'rules', prices: '/prices.json' } }
  expect(read(JSON.stringify(settings))).toEqual({
    defaults: { review: 'always' },
    review: { fourEyes: true, policies: join(directory, 'rules'), prices: '/prices.json' },
  })
})

test.each([
  ['a field that the platform has not', '{"edge":"alb"}', /edge: /],
  ['a value that does not fit', '{"review":{"fourEyes":"yes"}}', /review\.fourEyes: /],
  ['a remote that a shell would read', '{"review":{"repository":{"type":"git","remote":"$(id)"}}}', /review\.repository/],
  ['what is no JSON', '{', /cannot be read/],
])('%s is refused in one sentence that names the file', (_, content, words) => {
  expect(() => read(content)).toThrow(words)
  expect(() => read(content)).toThrow(file)
})
