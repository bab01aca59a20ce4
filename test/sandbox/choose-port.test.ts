import { mkdtempSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { choosePorts, freePort } from '../../sandbox/choose-port.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

async function occupied(): Promise<number> {
  const server = createServer()
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

const file = () => join(mkdtempSync(join(tmpdir(), 'gantry-ports-')), 'ports.json')

describe('choosePorts', () => {
  it('says that the port that was asked for is taken and how to choose another', async () => {
    const port = await occupied()
    await expect(choosePorts(file(), port)).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken by another program; stop it, or choose a port with GANTRY_PORT`,
    )
  })

  it('gives any free port for 0, and the same ones at the next start', async () => {
    const place = file()
    const first = await choosePorts(place, 0)
    expect(await choosePorts(place, 0)).toEqual(first)
  })

  it('keeps the AWS endpoint where it was while the public port moves', async () => {
    const place = file()
    const first = await choosePorts(place, 0)
    const wanted = (await freePort(0)) as number
    expect(await choosePorts(place, wanted)).toEqual({ public: wanted, aws: first.aws })
  })
})
