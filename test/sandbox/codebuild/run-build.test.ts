import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { buildScript } from '../../../sandbox/codebuild/build-script.ts'
import { parseBuildspec } from '../../../sandbox/codebuild/buildspec.ts'
import { type RunBuildOptions, runBuild } from '../../../sandbox/codebuild/run-build.ts'

function run(command: string, options: Partial<RunBuildOptions> = {}) {
  const lines: string[] = []
  let onStart = () => {}
  const started = new Promise<void>((resolve) => {
    onStart = resolve
  })
  const buildspec = parseBuildspec(JSON.stringify({ version: 0.2, phases: { build: { commands: [command] } } }))
  const build = runBuild({
    script: buildScript(buildspec),
    directory: tmpdir(),
    environment: { PATH: '/usr/bin:/bin' },
    timeoutSeconds: 60,
    graceSeconds: 60,
    killStrays: () => {},
    onStarted: () => {},
    onPhase: () => {},
    ...options,
    onLine(line) {
      lines.push(line)
      if (line === 'started') onStart()
    },
  })
  return { build, lines, started }
}

test('a build that takes too long is ended and timed out', async () => {
  const { build } = run('sleep 60', { timeoutSeconds: 0.2 })
  expect(await build.outcome).toBe('TIMED_OUT')
})

test('what a build does between SIGTERM and its end is waited for', async () => {
  const { build, lines, started } = run(
    `sh -c 'trap "echo saving; sleep 0.2; echo saved; exit 0" TERM; echo started; while :; do sleep 0.05; done'`,
  )
  await started
  build.stop()
  expect(await build.outcome).toBe('STOPPED')
  // The shell may say besides that its sleep was ended too.
  expect(lines.filter((line) => line !== 'Terminated').slice(-2)).toEqual(['saving', 'saved'])
})

test('text that a shell would take apart arrives as it is written', async () => {
  const { build, lines } = run(`printf '%s\\n' '$HOME "quoted" \`x\` \\n' "it's"`)
  expect(await build.outcome).toBe('SUCCEEDED')
  expect(lines).toEqual(['$HOME "quoted" `x` \\n', "it's"])
})

test('an exit in a command is the end of the build with its code', async () => {
  expect(await run('exit 7').build.outcome).toBe('FAILED')
  expect(await run('exit 0').build.outcome).toBe('SUCCEEDED')
})
