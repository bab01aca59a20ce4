import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run, RunEvent } from '../../schema/run.ts'
import { controlPlane } from '../support/control-plane.ts'
import { branchOf, createReviewer, until } from '../support/reviewer.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
let ann: Awaited<ReturnType<typeof createReviewer>>['ann']
let held: Awaited<ReturnType<typeof createReviewer>>['held']
let heads: Awaited<ReturnType<typeof createReviewer>>['heads']
beforeAll(async () => {
  ;({ ann, held, heads } = await createReviewer(sandbox))
})
afterAll(() => ann.close())

const at = (events: RunEvent[], type: string): number => Date.parse(events.find((event) => event.type === type)?.at ?? '')
/** Seconds from the approval until Terraform was about to begin. */
const toApply = (events: RunEvent[]): number =>
  (Date.parse(events.find(({ data }) => data?.step === 'apply')?.at ?? '') - at(events, 'run.approved')) / 1000
const note = async (commit: string): Promise<string> => {
  await ann.git('fetch', '-q', 'origin', '+refs/notes/gantry:refs/notes/gantry')
  return ann.git('notes', '--ref=gantry', 'show', commit).catch(() => '')
}

describe('a plan that waits in the review repository', () => {
  test('shows definition, Terraform and plan on its branch, and is applied by the merge within seconds', async () => {
    const run = await held('Merged Plan')
    await ann.git('fetch', '-q', 'origin')
    const files = await ann.git('ls-tree', '-r', '--name-only', `origin/${branchOf(run)}`, 'servers/')
    const expected = ['cdk.tf.json', 'definition.json', 'plan.md', 'server.auto.tfvars.json'].map((file) => `servers/mergedplan/${file}`)
    expect(files.split('\n')).toEqual(expected)
    expect(await ann.git('show', `origin/${branchOf(run)}:servers/mergedplan/plan.md`)).toContain(run.plan?.planSha256)
    const commit = await ann.merge(branchOf(run), '--no-ff')
    const ended = await gantry.follow(run.id)
    expect(ended.run).toMatchObject({ status: 'SUCCEEDED', approval: { by: 'git:ann@example.com', via: 'git', commit } })
    expect(ended.run.plan?.planSha256).toBe(run.plan?.planSha256)
    process.stdout.write(`from approval to apply: ${toApply(ended.events)} s\n`)
    const audit = await gantry.call<{ items: { actor: string }[] }>('GET', '/audit?serverId=mergedplan')
    expect(audit.body.items[0]).toMatchObject({ action: 'run:review', actor: 'git:ann@example.com', requestId: commit })
    await until(async () => (await heads(branchOf(run))) === '')
  })
})

describe('a definition committed to the review repository', () => {
  const yaml = (name: string, more = '') => `name: ${name}\nserverType: stdio\nstartCommand: ${JSON.stringify(tinyServer())}\n${more}`

  test('is planned, told on its commit, and applied when its branch is merged', async () => {
    const commit = await ann.push('add-committed', { 'servers/committed/definition.yaml': yaml('Committed') })
    const find = async () => (await gantry.call<{ items: Run[] }>('GET', '/runs?serverId=committed')).body.items[0]
    await until(async () => (await find()) !== undefined)
    const run = await gantry.waiting((await find())?.id ?? '')
    expect(run.proposal).toMatchObject({ branch: 'add-committed', commit, by: 'git:ann@example.com' })
    await gantry.told(run.id, 'review.shown')
    expect(await note(commit)).toContain('to create')
    await ann.merge('add-committed')
    expect((await gantry.follow(run.id)).run).toMatchObject({ status: 'SUCCEEDED', approval: { by: 'git:ann@example.com' } })
    await ann.git('push', '-q', 'origin', '--delete', 'add-committed')
  })

  test('is reported on the line that is wrong, and nothing of it is stored', async () => {
    const commit = await ann.push('add-wrong', { 'servers/wrong/definition.yaml': yaml('Wrong', 'cpu: 257\nmemory: 1\n') })
    await until(async () => (await note(commit)).includes('definition.yaml:4: cpu'))
    expect(await note(commit)).toContain('definition.yaml:5: memory')
    expect((await gantry.call('GET', '/servers/wrong')).status).toBe(404)
    await ann.git('push', '-q', 'origin', '--delete', 'add-wrong')
  })
})
