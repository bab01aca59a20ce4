import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { clientOf, ownEmulator } from '../../support/own-emulator.ts'
import { fillWorld, readWorld } from './world.ts'

const put = (url: string, name: string) =>
  new SSMClient(clientOf(url)).send(new PutParameterCommand({ Name: `/${name}`, Value: 'x', Type: 'String' }))

test('after kill -9 the journal brings everything back, with the same ids', async () => {
  const own = ownEmulator()
  const first = await own.start()
  await fillWorld(first.url)
  const rows = () => readFileSync(join(own.storeDirectory, 'journal'), 'utf8').split('\n').length
  const written = rows()
  const before = await readWorld(first.url)
  for (const [what, value] of Object.entries(before)) expect(value, what).toBeTruthy()
  expect(rows(), 'reads are not journalled').toBe(written)
  await own.kill(first)

  const second = await own.start()
  // How many depends on whether a snapshot came between.
  expect(second.replayed).toBeGreaterThan(0)
  expect(await readWorld(second.url)).toEqual(before)
})

test('a snapshot, and a journal behind it, are what was live', async () => {
  const own = ownEmulator()
  const first = await own.start()
  await fillWorld(first.url)
  const live = await readWorld(first.url)
  await first.stop()
  for (const name of ['journal', 'snapshot', 'lock']) expect(statSync(join(own.storeDirectory, name)).mode & 0o777).toBe(0o600)
  expect(statSync(own.storeDirectory).mode & 0o077).toBe(0)
  const second = await own.start()
  expect(second.replayed).toBe(0)
  expect(await readWorld(second.url)).toEqual(live)
  await put(second.url, 'later')
  const before = await readWorld(second.url)
  await own.kill(second)

  const third = await own.start()
  expect(third.replayed).toBe(1)
  expect(await readWorld(third.url)).toEqual(before)
})

test('half a line at the end of the journal is cut off', async () => {
  const own = ownEmulator()
  const first = await own.start()
  await put(first.url, 'whole')
  await own.kill(first)
  appendFileSync(join(own.storeDirectory, 'journal'), '{"number": 99, "envir')

  const second = await own.start()
  expect(second.replayed).toBe(1)
  await put(second.url, 'later')
  await own.kill(second)
  const third = await own.start()
  expect(third.replayed).toBe(1)
})

test('a journal that is damaged in the middle stops the start with the line and the fix', async () => {
  const own = ownEmulator()
  const first = await own.start()
  await put(first.url, 'whole')
  await own.kill(first)
  appendFileSync(join(own.storeDirectory, 'journal'), 'damaged\n{"number": 99, "environ": {}, "body": ""}\n')
  await expect(own.start()).rejects.toThrow(/journal is damaged in line 3; begin anew/)
})

test('two stores draw different ids and keys', async () => {
  const [a, b] = [ownEmulator(), ownEmulator()]
  const [first, second] = [await a.start(), await b.start()]
  await Promise.all([fillWorld(first.url), fillWorld(second.url)])
  const [one, other] = [await readWorld(first.url), await readWorld(second.url)]
  expect(one.publicKey).not.toBe(other.publicKey)
  expect(one.keys).not.toEqual(other.keys)
})
