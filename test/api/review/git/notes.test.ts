import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGitReview } from '../../../../api/review/git/create-git-review.ts'
import { putSection } from '../../../../api/review/git/note-sections.ts'
import type { Review } from '../../../../schema/review.ts'
import { createReviewWorld, openIn, planPage, planRequest, type ReviewWorld } from './review-world.ts'

let world: ReviewWorld
let review: Review
beforeEach(async () => {
  world = await createReviewWorld()
  review = await openIn(world, planRequest('r1'))
})
afterEach(() => world.remove())

const note = (commit = review.commit) => world.inRemote('notes', '--ref=gantry', 'show', commit)
const noteCommits = () => Number(world.inRemote('rev-list', '--count', 'refs/notes/gantry'))

describe('show', () => {
  test('leaves where the run stands on the commit', async () => {
    await world.provider.show(review, planPage({ stage: 'approved', summary: 'By\nann.' }))
    expect(note()).toBe('--- Gantry: run r1 ---\n\nUpdate docs\nStage: approved\nBy ann.\nhttps://gantry.example/runs/1')
  })

  test('replaces what it said before', async () => {
    await world.provider.show(review, planPage())
    await world.provider.show(review, planPage({ stage: 'live' }))
    expect(note().match(/Stage: \w+/g)).toEqual(['Stage: live'])
  })

  test('pushes nothing where it says the same', async () => {
    await world.provider.show(review, planPage())
    await world.provider.show(review, planPage())
    expect(noteCommits()).toBe(1)
  })

  test('keeps what others wrote in the note', async () => {
    world.git('notes', '--ref=gantry', 'add', '--message', 'by Ann', world.git('rev-parse', 'HEAD'))
    world.git('fetch', '--quiet', 'origin')
    world.git('notes', '--ref=gantry', 'add', '--message', 'by Ann', review.commit)
    world.git('push', '--quiet', 'origin', 'refs/notes/gantry')
    await world.provider.show(review, planPage())
    expect(note()).toMatch(/^by Ann\n\n--- Gantry: run r1 ---/)
  })

  test('loses no note where many write at once', async () => {
    const others = ['a', 'b', 'c'].map((name) => createGitReview({ ...world.options, directory: join(world.directory, name) }))
    const refused = others.map((other, at) =>
      other.refuse({ provider: 'git', branch: 'x', commit: review.commit, by: 'x' }, [{ path: 'p', line: at, message: 'm' }]),
    )
    const answered = others.map((other, at) => other.answer(review, `message ${at}`))
    await Promise.all([...refused, ...answered])
    expect([0, 1, 2].filter((at) => note().includes(`message ${at}`))).toEqual([0, 1, 2])
  })
})

describe('close', () => {
  test('deletes the branch and leaves the reason', async () => {
    await world.provider.close(review, planPage({ stage: 'expired', summary: 'Nobody approved it in time.' }))
    expect(world.inRemote('for-each-ref', 'refs/heads/gantry')).toBe('')
    expect(note()).toContain('Stage: expired\nNobody approved it in time.')
  })

  test('may be repeated', async () => {
    await world.provider.close(review, planPage())
    await world.provider.close(review, planPage())
    expect(noteCommits()).toBe(1)
  })

  test('leaves a branch with somebody’s work on it', async () => {
    world.git('fetch', '--quiet', 'origin')
    world.git('checkout', '--quiet', '-B', 'work', 'origin/gantry/docs/r1')
    const head = world.commit('my work', { 'servers/docs/plan.md': 'mine' })
    world.git('push', '--quiet', 'origin', 'HEAD:gantry/docs/r1')
    await world.provider.close(review, planPage())
    expect(world.inRemote('rev-parse', 'gantry/docs/r1')).toBe(head)
  })

  test('says in git’s words why a branch was not deleted', async () => {
    world.inRemote('config', 'receive.denyDeletes', 'true')
    await expect(world.provider.close(review, planPage())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('deletion prohibited'),
    })
  })
})

describe('answer', () => {
  test('is left on the commit of main that merged the plan', async () => {
    world.freshMain()
    world.git('merge', '--quiet', '--no-ff', '--no-edit', 'origin/gantry/docs/r1')
    world.git('push', '--quiet', 'origin', 'main', ':gantry/docs/r1')
    await world.provider.answer(review, 'The plan had expired.')
    expect(note(world.inRemote('rev-parse', 'main'))).toContain('The plan had expired.')
  })

  test('is left on the plan’s commit where nobody merged it', async () => {
    await world.provider.answer(review, 'It was discarded.')
    expect(note()).toContain('It was discarded.')
  })

  test('is given once for each message', async () => {
    for (const message of ['one', 'two', 'one']) await world.provider.answer(review, message)
    expect([noteCommits(), note().match(/^(one|two)$/gm)]).toEqual([2, ['one', 'two']])
  })
})

describe('refuse', () => {
  const proposal = () => ({ provider: 'git', branch: 'ann/x', commit: review.commit, by: 'git:ann@example.com' }) as const
  const problems = [{ path: 'servers/docs/definition.json', line: 3, message: 'port: got "x"\nexpected a number' }]

  test('names path, line and what is wrong', async () => {
    await world.provider.refuse(proposal(), problems)
    expect(note()).toBe('--- Gantry: problems ---\n\nservers/docs/definition.json:3: port: got "x" expected a number')
  })

  test('says it once', async () => {
    await world.provider.refuse(proposal(), problems)
    await world.provider.refuse(proposal(), problems)
    expect(noteCommits()).toBe(1)
  })
})

describe('putSection', () => {
  const text = fc
    .array(fc.constantFrom('--- Gantry: a ---', '--- Gantry: b ---', 'x', '', ' ', '\r'), { maxLength: 6 })
    .map((lines) => lines.join('\n'))

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const once = putSection(putSection('', 'b', before), 'a', after)
        expect(putSection(once, 'a', after)).toBe(once)
      }),
    )
  })

  test('leaves the other sections as they were, whatever the text', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const kept = putSection('', 'b', one)
        expect(putSection(putSection(kept, 'a', other), 'a', 'x')).toBe(putSection(kept, 'a', 'x'))
      }),
    )
  })
})
