import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, call, initialize, initializeBody, post, readAnswer } from './support/raw.ts'
import { canEnterImages, fillVolume, runInImage } from './support/run-in-image.ts'

/** An MCP server in the shell's own words; its tool tells who runs it, where its home is and what it can write. */
const program = `
while read -r line; do case $line in
  *'"initialize"'*) echo '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"shell","version":"1"}}}';;
  *'"tools/call"'*)
    busybox touch "$HOME/x" && written=$HOME; busybox touch /x 2>/dev/null && written=/
    echo '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"user '"$(busybox id -u)"' writes '"$written"'"}]}}';;
esac; done`

describe.skipIf(!canEnterImages)('in an image that holds a static program and nothing else', () => {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-volume-'))
  let volume: string
  beforeAll(async () => {
    volume = await fillVolume(directory)
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each([
    ['an array is executed as it is, without any /bin/sh', ['/bin/busybox', 'sh', '-c', program], false, 65532],
    ['a string runs under the /bin/sh of the image', program, true, 1000],
  ])('%s', async (_, startCommand, shell, user) => {
    const { origin, url } = await runInImage(volume, startCommand, { shell, user: `${user}:${user}` })
    expect((await fetch(`${origin}/health`)).status).toBe(200)
    const answer = await readAnswer(await post(url, call(1, 'who'), await initialize(url)))
    expect(answer.result?.content[0]?.text).toBe(`user ${user} writes /tmp`)
  })

  test('a string without a /bin/sh says what is missing and what to do, to the client, in the log and as health', async () => {
    const { logs, origin, url } = await runInImage(volume, program, { shell: false, user: '1000:1000' })
    const said =
      'the start command is a string, which runs under /bin/sh, and this image has none: give it as an array, which is executed as it is, or take an image with a shell'
    const answers: Answer[] = []
    for (let start = 0; start < 3; start++) answers.push(await readAnswer(await post(url, initializeBody())))
    expect(answers.map(({ error }) => error?.message)).toEqual(answers.map(() => expect.stringContaining(said)))
    expect(logs.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(said))
    const health = await fetch(`${origin}/health`)
    expect([health.status, await health.json()]).toEqual([503, { status: 'unhealthy', reason: expect.stringContaining(said) }])
  })
})
