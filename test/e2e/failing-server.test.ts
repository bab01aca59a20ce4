import { expect, inject, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane } from '../support/control-plane.ts'

const sandbox = inject('sandbox')
const gantry = controlPlane(sandbox.url, sandbox.adminKey)

it.each([
  ['stdio', { name: 'Exits stdio', serverType: 'stdio' }],
  ['http', { name: 'Exits http', serverType: 'http' }],
])('ends FAILED with the exit code and the last log lines when a %s server exits at once, and can be deleted', async (_, definition) => {
  const startCommand = 'echo "no database at db.internal" >&2; exit 7'
  const { run, accepted } = await gantry.create({ ...definition, startCommand })
  expect(run).toMatchObject({ status: 'FAILED', error: { code: 'VERIFY_FAILED', message: expect.stringMatching(/exit(ed)?.* 7\b/) } })
  expect(run.error?.logs?.join('\n')).toContain('no database at db.internal')
  const { body } = await gantry.call<Server>('GET', `/servers/${accepted.server.id}`)
  expect(body).toMatchObject({ status: 'FAILED', error: { code: 'VERIFY_FAILED' } })
  expect((await gantry.remove(accepted.server.id)).run).toMatchObject({ status: 'SUCCEEDED' })
})
