import { describe, expect, test } from 'vitest'
import type { Proposal } from '../../../../schema/review.ts'
import { createReview, pageOf, requestOf, reviewOf } from './create-review.ts'

const json = 'servers/weather/definition.json'
type Files = Record<string, string | Buffer | null>

async function proposed(
  files: Files,
  of: { by?: string; fork?: string; base?: string; branch?: string; mode?: string; before?: Files } = {},
) {
  const made = await createReview()
  const { hub } = made
  if (of.before) hub.push('main', of.before)
  const branch = of.branch ?? 'add-weather'
  hub.push(branch, files, of.mode ? { mode: of.mode } : {})
  const { fork, base } = of
  const pull = hub.openPull({ branch, by: of.by ?? 'ann', ...(fork && { fork }), ...(base && { base }) })
  return { ...made, pull, branch }
}
const proposalOf = ({ pull, branch }: { pull: { head: string; number: number }; branch: string }): Proposal => ({
  provider: 'github',
  branch,
  number: pull.number,
  commit: pull.head,
  by: 'github:ann',
})

describe('proposals', () => {
  test.each([json, 'servers/weather/definition.yaml', 'servers/weather/definition.yml'])(
    'are open pull requests that touch %s',
    async (path) => {
      const made = await proposed({ [path]: 'name: Wetter ☀\n', 'README.md': 'x' })
      expect(await made.review.proposals()).toEqual([{ proposal: proposalOf(made), files: [{ path, content: 'name: Wetter ☀\n' }] }])
    },
  )

  test('say which definition is removed', async () => {
    const { review } = await proposed({ [json]: null }, { before: { [json]: '{}', 'servers/weather/plan.md': 'x' } })
    expect((await review.proposals())[0]?.files).toEqual([{ path: json, content: undefined }])
  })

  test('take a renamed definition for one removed and one added', async () => {
    const { review } = await proposed({ [json]: null, 'servers/wind/definition.json': '{}' }, { before: { [json]: '{}' } })
    expect((await review.proposals())[0]?.files).toEqual([
      { path: json, content: undefined },
      { path: 'servers/wind/definition.json', content: '{}' },
    ])
  })

  test('of two servers in one pull request are both seen', async () => {
    const { review } = await proposed({ [json]: '{}', 'servers/wind/definition.yaml': 'a: 1' })
    expect((await review.proposals())[0]?.files.map(({ path }) => path)).toEqual([json, 'servers/wind/definition.yaml'])
  })

  test.each<[string, Files, object]>([
    ['touch no definition', { 'servers/weather/plan.md': 'x', 'docs/definition.json': '{}', 'servers/a/b/definition.json': '{}' }, {}],
    ['are of our making', { [json]: '{}' }, { branch: 'gantry/weather/01' }],
    ['are for another branch than main', { [json]: '{}' }, { base: 'release' }],
  ])('leave out those that %s', async (_, files, of) => {
    const { review } = await proposed(files, of)
    expect(await review.proposals()).toEqual([])
  })

  test('of a fork are never planned, and logged once', async () => {
    const { review, logged } = await proposed({ [json]: '{}' }, { fork: 'mallory/servers' })
    expect([await review.proposals(), await review.proposals()]).toEqual([[], []])
    expect(logged).toEqual([expect.objectContaining({ event: 'review.fork-ignored', number: 1 })])
  })

  test('cost one call while their heads stay, and are read again when one moves', async () => {
    const { github, hub, review, branch } = await proposed({ [json]: '{}' })
    await review.proposals()
    github.requests.length = 0
    await review.proposals()
    expect(github.requests).toHaveLength(1)
    const head = hub.push(branch, { [json]: '{"v":2}' })
    expect(await review.proposals()).toMatchObject([{ proposal: { commit: head }, files: [{ content: '{"v":2}' }] }])
  })

  test.each<[string, Files, string | undefined, RegExp]>([
    ['is no file', { [json]: '../secret' }, '120000', /symlink/],
    ['is larger than a body may be', { [json]: ' '.repeat(300_000) }, undefined, /300000 bytes/],
    ['is not UTF-8', { [json]: Buffer.from([0x7b, 0xff, 0x7d]) }, undefined, /not UTF-8/],
  ])('with a definition that %s are refused on it', async (_, files, mode, said) => {
    const { hub, review, pull } = await proposed(files, mode ? { mode } : {})
    expect(await review.proposals()).toEqual([])
    expect(hub.pull(pull.number).reviews[0]?.comments[0]?.body ?? hub.pull(pull.number).reviews[0]?.body).toMatch(said)
  })

  test('of more definitions than fit into one review are refused', async () => {
    const files = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`servers/s${index}/definition.json`, '{}']))
    const { github, review, pull } = await proposed(files)
    expect([await review.proposals(), await review.proposals()]).toEqual([[], []])
    expect(pull.reviews.map(({ comments }) => comments[0]?.body)).toEqual([expect.stringContaining('51 definitions')])
    expect(github.requests.filter((call) => call.includes('blobs'))).toEqual([])
  })

  test('of which GitHub shows no files hold up no other', async () => {
    const { github, hub, review, logged } = await proposed({ [json]: '{}' })
    hub.push('huge', { 'servers/huge/definition.json': '{}' })
    hub.openPull({ branch: 'huge', by: 'ann' })
    github.trouble(/pulls\/2\/files/, { status: 422, message: 'The diff is too large' })
    expect((await review.proposals()).map(({ proposal }) => proposal.number)).toEqual([1])
    expect(logged).toMatchObject([{ event: 'review.proposal-unread', number: 2 }])
  })
})

describe('a plan of a proposal', () => {
  async function planned() {
    const made = await proposed({ [json]: '{}' })
    const request = requestOf({ proposal: proposalOf(made) })
    const review = reviewOf(request, await made.review.open(request))
    return { ...made, provider: made.review, review, request }
  }

  test('is posted there once and rewritten as it goes on', async () => {
    const { hub, provider, review, request, pull, restart } = await planned()
    await restart().open(request)
    await provider.show(review, pageOf({ stage: 'live', title: 'Live', body: 'It serves.' }))
    expect(hub.pulls.size).toBe(1)
    expect(hub.pull(pull.number).comments.map(({ body }) => body.split('\n').slice(1).join('\n'))).toEqual(['### Live\n\nIt serves.'])
  })

  test('is written again only where it differs', async () => {
    const { github, provider, review, request } = await planned()
    github.requests.length = 0
    await provider.show(review, request.page)
    expect(github.requests.filter((call) => !call.startsWith('GET '))).toEqual([])
  })

  test('leaves the title, the text and the labels to their author', async () => {
    const { hub, provider, review, pull } = await planned()
    await provider.show(review, pageOf({ stage: 'live' }))
    expect([hub.pull(pull.number).title, hub.pull(pull.number).body, hub.pull(pull.number).labels.size]).toEqual(['add-weather', '', 0])
  })

  test('has a status of its own for each server', async () => {
    const { hub, provider, review, request } = await planned()
    await provider.open({ ...request, serverId: 'wind', runId: '01JZ8Y6V9Q4N3M2K1H0G9F8E7E' })
    expect(hub.statuses.get(review.commit)?.map(({ context }) => context)).toEqual(['gantry/plan/weather', 'gantry/plan/wind'])
  })

  test('stays open when its plan is closed', async () => {
    const { hub, provider, review, pull, branch } = await planned()
    await provider.close(review, pageOf({ stage: 'expired', body: 'Expired.' }))
    expect([hub.pull(pull.number).state, hub.refs.has(`heads/${branch}`)]).toEqual(['open', true])
    expect(hub.pull(pull.number).comments[0]?.body).toContain('Expired.')
  })

  test('is merged where the definition is what was planned', async () => {
    const { hub, state, review, pull } = await planned()
    const commit = hub.merge(pull.number, { by: 'bob', method: 'squash', edit: { 'servers/weather/plan.md': 'any' } })
    expect(await state(review)).toMatchObject({ kind: 'merged', by: 'github:bob', commit })
  })

  test.each<[string, Files]>([
    ['another text', { [json]: '{"v":2}' }],
    ['a second definition beside it', { 'servers/weather/definition.yaml': 'v: 2' }],
  ])('is changed by %s', async (_, files) => {
    const { hub, state, review, branch } = await planned()
    hub.push(branch, files)
    expect((await state(review))?.kind).toBe('changed')
  })

  test('is not changed by a push to anything else', async () => {
    const { hub, state, review, branch } = await planned()
    hub.push(branch, { 'servers/other/definition.json': '{}' })
    expect(await state(review)).toEqual({ kind: 'open' })
  })
})

describe('refuse', () => {
  const problem = { path: json, line: 2, message: 'cpu is 3, expected 256 or more' }

  test('says on the line what is wrong, once for a commit, and sets a failed status', async () => {
    const made = await proposed({ [json]: '{\n  "cpu": 3\n}\n' })
    await made.review.refuse(proposalOf(made), [problem])
    await made.restart().refuse(proposalOf(made), [problem])
    expect(made.pull.reviews.map(({ comments }) => comments)).toEqual([
      [{ path: json, line: 2, side: 'RIGHT', body: '```text\ncpu is 3, expected 256 or more\n```' }],
    ])
    expect(made.hub.statuses.get(made.pull.head)).toMatchObject([{ context: 'gantry/plan', state: 'failure' }])
  })

  test('says it in a list where GitHub takes no comment on the line', async () => {
    const made = await proposed({ [json]: '{}' })
    await made.review.refuse(proposalOf(made), [{ ...problem, line: 99 }])
    expect(made.pull.reviews.map(({ body, comments }) => [body.split('\n').slice(4, 5), comments])).toEqual([
      [[`${json}:99: ${problem.message}`], []],
    ])
  })

  test('says it again for the next commit', async () => {
    const made = await proposed({ [json]: '{\n  "cpu": 3\n}\n' })
    await made.review.refuse(proposalOf(made), [problem])
    made.hub.push(made.branch, { [json]: '{\n  "cpu": 4\n}\n' })
    await made.review.refuse(proposalOf(made), [problem])
    expect(made.pull.reviews).toHaveLength(2)
  })

  test('lets a message mention nobody, link nowhere and end no fence', async () => {
    const made = await proposed({ [json]: '{\n  "cpu": 3\n}\n' })
    await made.review.refuse(proposalOf(made), [{ ...problem, message: 'got "```\n@everyone [x](https://evil.example)"' }])
    const body = made.pull.reviews[0]?.comments[0]?.body ?? ''
    expect(body).toBe('````text\ngot "```\n@everyone [x](https://evil.example)"\n````')
  })

  test('puts a hundred problems into one review', async () => {
    const made = await proposed({ [json]: '{\n'.repeat(200) })
    await made.review.refuse(
      proposalOf(made),
      Array.from({ length: 100 }, (_, index) => ({ ...problem, line: index + 1 })),
    )
    expect([made.pull.reviews.length, made.pull.reviews[0]?.comments.length]).toEqual([1, 30])
    expect(made.pull.reviews[0]?.body).toContain(`${json}:100: `)
  })
})
