import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBareRepository } from '../../../../api/review/git/create-bare-repository.ts'
import { gitIn } from './review-world.ts'

let directory: string
let repository: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gantry-bare-'))
  repository = join(directory, 'state', 'reviews.git')
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('createBareRepository', () => {
  test('makes a bare repository whose main branch says what it is for', async () => {
    await createBareRepository(repository, 'trunk')
    const git = gitIn(repository)
    expect([git('rev-parse', '--is-bare-repository'), git('symbolic-ref', 'HEAD')]).toEqual(['true', 'refs/heads/trunk'])
    expect(git('show', 'trunk:README.md')).toContain('Merge the branch into `trunk`')
  })

  test('leaves a repository alone that is there', async () => {
    await createBareRepository(repository, 'main')
    const before = gitIn(repository)('rev-parse', 'main')
    await createBareRepository(repository, 'main')
    expect(gitIn(repository)('rev-parse', 'main')).toBe(before)
  })

  test('gives an empty repository its first commit', async () => {
    gitIn(directory)('init', '--quiet', '--bare', repository)
    await createBareRepository(repository, 'main')
    expect(gitIn(repository)('rev-list', '--count', 'main')).toBe('1')
  })

  test('refuses a directory that holds something else', async () => {
    mkdirSync(repository, { recursive: true })
    writeFileSync(join(repository, 'mine.txt'), 'x')
    await expect(createBareRepository(repository, 'main')).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  })

  test('leaves nothing else behind', async () => {
    await createBareRepository(repository, 'main')
    expect(readdirSync(join(directory, 'state'))).toEqual(['reviews.git'])
  })
})
