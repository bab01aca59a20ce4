import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { ContainerPlan, StartContainer } from '../../../sandbox/ecs/container-process.ts'
import { plainContainers } from '../../../sandbox/ecs/plain-container.ts'
import { probeIsolation } from '../../../sandbox/ecs/probe-isolation.ts'
import { countProcesses } from '../../support/data-plane/count-processes.ts'
import { eventually } from '../../support/data-plane/eventually.ts'

const directory = mkdtempSync(join(tmpdir(), 'gantry-container-'))
const isolation = await probeIsolation(directory)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let numbers = 0
async function run(start: StartContainer, script: string, more: Partial<ContainerPlan> = {}) {
  let output = ''
  const scratch = join(directory, `container-${++numbers}`)
  const container = await start({
    scratch,
    argv: [process.execPath, '-e', script],
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    workingDirectory: '/tmp',
    readOnlyRoot: true,
    mounts: [{ kind: 'tmpfs', target: '/tmp', options: 'mode=1777' }],
    onOutput: (chunk) => {
      output += chunk
    },
    ...more,
  })
  return { container, output: () => output, said: (text: string) => eventually(`the container says ${text}`, () => output.includes(text)) }
}

describe.each([
  ['as this host lets containers be', isolation.start],
  ['as plain processes', plainContainers([])],
])('%s', (_, start) => {
  test('the exit code is the main process’s', async () => {
    expect(await (await run(start, 'process.exit(7)')).container.exited).toBe(7)
  })

  test('a command that does not exist ends with 127', async () => {
    expect(await (await run(start, '', { argv: ['/nowhere/at/all'] })).container.exited).toBe(127)
  })

  test('the environment is the given one, byte for byte, and nothing else', async () => {
    const environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      FILE: '${file("/etc/passwd")}',
      IF: '%{ if true }x%{ endif }',
      TOKEN: '${TfToken[TOKEN.0]} #{TfToken[TOKEN.1]}',
      LINES: 'first\nsecond\r\n\tthird',
      QUOTES: `'"\`$(id)\\ $HOME ; & | > <`,
      UNICODE: 'žluťoučký 🐎',
      EMPTY: '',
      IFS: 'abc',
      OPTIND: 'x',
      PWD: '/made/up',
      BASH_ENV: '/etc/passwd',
      SHELLOPTS: 'xtrace',
    }
    const { container, output } = await run(start, 'process.stdout.write(JSON.stringify(process.env))', { environment })
    await container.exited
    expect(JSON.parse(output())).toEqual(environment)
  })

  test('SIGTERM reaches the main process', async () => {
    const { container, said } = await run(
      start,
      `process.on('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => 0, 1000)`,
    )
    await said('up')
    container.signal('SIGTERM')
    expect(await container.exited).toBe(5)
  })

  test('a process that ignores SIGTERM is killed with all that it started', async () => {
    const marker = `marker-${process.pid}-${++numbers}`
    const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000) // ${marker}'], { stdio: 'ignore' })`
    const { container, said } = await run(
      start,
      `process.on('SIGTERM', () => 0); ${child}; console.log('up'); setInterval(() => 0, 1000) // ${marker}`,
    )
    await said('up')
    await eventually('the child runs', () => countProcesses(marker) >= 2)
    container.kill()
    expect(await container.exited).toBe(137)
    await eventually('nothing is left', () => countProcesses(marker) === 0)
  })

  test('what the main process leaves behind ends with it', async () => {
    const marker = `marker-${process.pid}-${++numbers}`
    const child = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000) // ${marker}'], { stdio: 'ignore' }).unref()`
    const { container } = await run(start, `${child}; process.exit(0)`)
    expect(await container.exited).toBe(0)
    await eventually('nothing is left', () => countProcesses(marker) === 0)
  })

  test('a command beside it has the same environment, and 137 when it takes too long', async () => {
    const { container } = await run(start, 'setInterval(() => 0, 1000)', { environment: { PATH: '/usr/bin:/bin', CODE: '9' } })
    expect(await container.run(['/bin/sh', '-c', 'exit $CODE'], 5000)).toBe(9)
    expect(await container.run(['sleep', '30'], 100)).toBe(137)
    container.kill()
    await container.exited
  })
})

test('where namespaces are had, HOME is hidden, /usr cannot be written and /tmp is its own', async () => {
  const script = `const fs = require('fs'); const can = (f) => { try { f(); return true } catch { return false } }
    process.stdout.write(JSON.stringify([fs.readdirSync(${JSON.stringify(homedir())}).length, can(() => fs.writeFileSync('/usr/gantry', '')), can(() => fs.writeFileSync('/tmp/gantry-own', '')), process.pid < 100]))`
  const mounts = [
    { kind: 'hidden', target: homedir() },
    { kind: 'tmpfs', target: '/tmp', options: 'mode=1777' },
  ] as const
  const { container, output } = await run(isolation.start, script, { mounts: isolation.refused === undefined ? mounts : [] })
  await container.exited
  if (isolation.refused === undefined) expect(JSON.parse(output())).toEqual([0, false, true, true])
  expect(existsSync('/tmp/gantry-own')).toBe(isolation.refused !== undefined)
})

test('a container ends when the process that started it is killed', async () => {
  const marker = `marker-${process.pid}-held`
  const holder = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'hold-container.ts'), join(directory, 'held'), marker],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await once(holder.stdout, 'data')
  await eventually('its processes run', () => countProcesses(`setInterval(()=>0,1000) // ${marker}`) >= 2)
  holder.kill('SIGKILL')
  await eventually('nothing is left', () => countProcesses(marker) === 0)
})
