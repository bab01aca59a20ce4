import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readPolicyFiles } from '../../policy/read-policy-files.ts'

const made: string[] = []
function directory(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'gantry-policies-'))
  made.push(root)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true })
})

test('files of rules are found at any depth, in the same order everywhere', () => {
  const root = directory({ 'z.yaml': 'z', 'a/b.yml': 'b', 'README.md': 'no rule' })
  expect(readPolicyFiles(root)).toEqual([
    { path: 'a/b.yml', content: 'b' },
    { path: 'z.yaml', content: 'z' },
  ])
})

test('a directory without a rule is refused, because somebody meant to have one', () => {
  expect(() => readPolicyFiles(directory({ 'rule.json': '{}' }))).toThrow(/holds no \.yaml file/)
})

test('a directory that is not there is named', () => {
  expect(() => readPolicyFiles('/nowhere/policies')).toThrow(/^\/nowhere\/policies is no directory/)
})
