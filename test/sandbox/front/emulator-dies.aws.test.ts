import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { processesWith } from '../../support/processes.ts'
import { removeFront, startFront, type TestFront } from '../../support/start-front.ts'

function killEmulatorOf(front: TestFront): void {
  for (const pid of processesWith(join(front.directory, 'emulator'))) process.kill(pid, 'SIGKILL')
}

test('an emulator that is killed comes back with what it knew, and requests wait for it', async () => {
  const front = await startFront()
  onTestFinished(() => removeFront(front))
  const ssm = new SSMClient(front.client)
  await ssm.send(new PutParameterCommand({ Name: '/p', Value: 'kept', Type: 'String' }))
  killEmulatorOf(front)
  await vi.waitUntil(() => front.log.some((line) => line.includes('starting it again')), { timeout: 5_000 })
  const answer = await ssm.send(new GetParameterCommand({ Name: '/p' }))
  expect(answer.Parameter?.Value).toBe('kept')
})

test('an emulator that cannot come back is given up with a sentence, and calls are told', async () => {
  const onGivenUp = vi.fn()
  const front = await startFront({ onGivenUp })
  onTestFinished(() => removeFront(front))
  const journal = join(front.directory, 'emulator', 'journal')
  expect(existsSync(journal)).toBe(true)
  rmSync(journal)
  writeFileSync(journal, 'not a journal\n')
  killEmulatorOf(front)
  await vi.waitUntil(() => onGivenUp.mock.calls.length > 0, { timeout: 10_000 })
  expect(onGivenUp).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/was written by another version/))
  const once = new SSMClient({ ...front.client, maxAttempts: 1 })
  await expect(once.send(new GetParameterCommand({ Name: '/p' }))).rejects.toThrow(/written by another version/)
})

test('closing leaves no process', async () => {
  const front = await startFront()
  const { directory } = front
  expect(processesWith(directory)).toHaveLength(1)
  await removeFront(front)
  expect(processesWith(directory)).toEqual([])
})
