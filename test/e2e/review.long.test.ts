import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlPlane } from '../support/control-plane.ts'
import { branchOf, createReviewer } from '../support/reviewer.ts'
import { sandbox } from '../support/shared-sandbox.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
let ann: Awaited<ReturnType<typeof createReviewer>>['ann']
let held: Awaited<ReturnType<typeof createReviewer>>['held']
beforeAll(async () => {
  ;({ ann, held } = await createReviewer(sandbox))
})
afterAll(() => ann.close())

describe('plans that wait in one review repository', () => {
  test('waits beside another one, is approved by a squash, and the other is discarded with its branch', async () => {
    const [kept, dropped] = [await held('Squashed'), await held('Dropped')]
    await ann.git('push', '-q', 'origin', '--delete', branchOf(dropped))
    await ann.merge(branchOf(kept), '--squash')
    expect((await gantry.follow(kept.id)).run).toMatchObject({ status: 'SUCCEEDED' })
    expect((await gantry.follow(dropped.id)).run).toMatchObject({ status: 'DISCARDED', reason: expect.stringContaining('closed') })
    expect((await gantry.call('GET', '/servers/dropped')).status).toBe(404)
  })

  test('is stale once somebody pushes other files to its branch', async () => {
    const run = await held('Edited')
    await ann.git('fetch', '-q', 'origin')
    await ann.git('checkout', '-q', '-B', 'edit', `origin/${branchOf(run)}`)
    await ann.git('rm', '-q', 'servers/edited/cdk.tf.json')
    await ann.git('commit', '-qm', 'without Terraform')
    await ann.git('push', '-q', 'origin', `HEAD:${branchOf(run)}`)
    const { run: ended } = await gantry.follow(run.id)
    expect(ended).toMatchObject({ status: 'DISCARDED', reason: expect.stringContaining('cdk.tf.json') })
  })
})
