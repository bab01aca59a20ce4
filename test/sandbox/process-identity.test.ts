import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { identify, isAlive } from '../../sandbox/process-identity.ts'

describe('isAlive', () => {
  it('is true of this very process', () => expect(isAlive(identify(process.pid))).toBe(true))

  it('is false of a later process with the same pid', () => expect(isAlive({ pid: process.pid, startTime: '1' })).toBe(false))

  it('is false of a dead process whose parent has not noticed yet', async () => {
    // A shell that becomes sleep never waits for its child.
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'])
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const child = identify(Number(line.toString()))
    expect(isAlive(child)).toBe(true)
    await expect.poll(() => isAlive(child)).toBe(false)
    expect(identify(child.pid)).toEqual(child)
    parent.kill('SIGKILL')
  })
})
