import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { adoptable } from '../../../runner/drift/adoptable.ts'
import { noise } from '../../../runner/drift/noise.ts'

const guide = readFileSync(new URL('../../../docs/guides/drift.md', import.meta.url), 'utf8')
const tableBelow = (heading: string): string[] => {
  const section = guide.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('| '))
}
const name = (text: string): string => (text === 'any' ? 'any' : `\`${text}\``)

test('the guide lists every difference that is no drift, with its reason, and no other', () => {
  const rows = noise.map(({ type, attribute, reason }) => `| ${name(type)} | ${name(attribute)} | ${reason} |`)
  expect(tableBelow('What is not drift')).toEqual(['| resource | attribute | why |', ...rows])
})

test('the guide lists every attribute that a definition can adopt, and no other', () => {
  const rows = adoptable.map(({ type, path, field }) => `| \`${type}\` | \`${path}\` | \`${field.join('.')}\` |`)
  const tags = '| any | `tags_all.<name>`, but those of `aws:` and `gantry:` | `tags.<name>` |'
  expect(tableBelow('Keep it')).toEqual(['| resource | attribute | field of the definition |', ...rows, tags])
})
