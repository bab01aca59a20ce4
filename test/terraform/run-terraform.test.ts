import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTerraform } from '../../terraform/run-terraform.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-terraform-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** A stand-in for terraform: a shell script that is told the real one's signals and arguments. */
async function script(body: string): Promise<string> {
  const file = join(directory, 'terraform')
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
  return file
}

const start = async (body: string, more: { args?: string[]; onLine?: (line: string) => void; signal?: AbortSignal } = {}) =>
  startTerraform({ terraform: await script(body), args: more.args ?? [], cwd: directory, env: { PATH: process.env.PATH }, ...more })

/** Whether it still runs: one that ended and was not waited for yet does not. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

describe('startTerraform', () => {
  test('passes arguments as they are and gives exit code, output and lines back', async () => {
    const lines: string[] = []
    const run = await start('printf "%s\\n" "$@"; echo oops >&2; exit 3', {
      args: ['a b', '$(id)', "'"],
      onLine: (line) => lines.push(line),
    })
    expect(await run.done).toMatchObject({ exitCode: 3, stdout: "a b\n$(id)\n'\n", stderr: 'oops\n' })
    expect(lines).toEqual(['a b', '$(id)', "'"])
  })

  test('interrupts once, however often it is asked to, and waits for what it saves', async () => {
    const body = `trap 'echo interrupted >> ${join(directory, 'signals')}' INT\necho ready\nread -r line < ${join(directory, 'gate')}\nsleep 0.2\necho saved\nexit 1`
    const abort = new AbortController()
    const fifo = startTerraform({ terraform: 'mkfifo', args: [join(directory, 'gate')], cwd: directory, env: { PATH: process.env.PATH } })
    await fifo.done
    const run = await start(body, {
      signal: abort.signal,
      onLine: (line) => {
        if (line !== 'ready') return
        abort.abort()
        run.interrupt()
        run.interrupt()
        void writeFile(join(directory, 'gate'), 'go\n')
      },
    })
    expect(await run.done).toMatchObject({ exitCode: 1, stdout: 'ready\nsaved\n' })
    expect(await readFile(join(directory, 'signals'), 'utf8')).toBe('interrupted\n')
  })

  test('leaves no process of its group behind when it is killed', async () => {
    const pids: number[] = []
    const run = await start('sleep 60 & echo $!; wait', {
      onLine: (line) => pids.push(Number(line)) && process.kill(run.pid ?? 0, 'SIGKILL'),
    })
    expect(await run.done).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
    await expect.poll(() => pids.map(isAlive)).toEqual([false])
  })

  test('a binary that does not exist is an error that names it', async () => {
    const run = startTerraform({ terraform: join(directory, 'nothing'), args: [], cwd: directory, env: {} })
    await expect(run.done).rejects.toThrow('nothing')
  })
})
