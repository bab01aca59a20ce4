import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test, vi } from 'vitest'
import { installEmulator } from '../../../sandbox/emulator/install-emulator.ts'
import { clientOf, ownEmulator } from '../../support/own-emulator.ts'
import { venvDirectory } from '../../support/venv-directory.ts'

const put = (url: string, Value: string) =>
  new SSMClient(clientOf(url)).send(new PutParameterCommand({ Name: `/p/${Value.length}`, Value, Type: 'String' }))

test('a disk that takes no more ends the emulator with a sentence, and nothing that was answered is lost', async () => {
  const own = ownEmulator()
  const onExit = vi.fn()
  const emulator = await own.start({ onExit, python: await withSmallFiles(own.storeDirectory) })
  await put(emulator.url, 'small')
  await expect(put(emulator.url, 'x'.repeat(3_900))).rejects.toThrow()
  await vi.waitUntil(() => onExit.mock.calls.length > 0, { timeout: 5_000 })
  expect(onExit).toHaveBeenCalledWith(expect.stringMatching(/cannot write to .*journal .*; free the disk and start again/), false)

  const second = await own.start()
  expect(second.replayed).toBe(1)
})

/** A file may have no more than 4 KiB: to who writes, the same as a full disk. */
async function withSmallFiles(directory: string): Promise<string> {
  const python = await installEmulator({ directory: venvDirectory })
  const wrapper = join(directory, 'python')
  writeFileSync(wrapper, `#!/bin/bash\nulimit -f 4\nexec ${python} "$@"\n`)
  chmodSync(wrapper, 0o755)
  return wrapper
}

test('a store that cannot be made is said in one sentence', async () => {
  const own = ownEmulator()
  const inTheWay = join(own.storeDirectory, 'file')
  writeFileSync(inTheWay, '')
  await expect(own.start({ storeDirectory: join(inTheWay, 'store') })).rejects.toThrow(/^The AWS emulator did not start: .*file/)
})

test('a second emulator on the same store is refused', async () => {
  const own = ownEmulator()
  await own.start()
  await expect(own.start()).rejects.toThrow(/another emulator runs on/)
})

test('a port that is taken is said in one sentence', async () => {
  const own = ownEmulator()
  const { port } = await own.start()
  mkdirSync(join(own.storeDirectory, 'other'))
  await expect(own.start({ port, storeDirectory: join(own.storeDirectory, 'other') })).rejects.toThrow(`port ${port} of 127.0.0.1`)
})
