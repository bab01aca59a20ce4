import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import type { Server } from '../../schema/server.ts'
import { controlPlane } from '../support/control-plane.ts'
import { listResources, nothing } from '../support/list-resources.ts'
import { clientOf } from '../support/own-emulator.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)

async function removeWithoutTrace(id: string): Promise<void> {
  expect((await gantry.remove(id)).run).toMatchObject({ status: 'SUCCEEDED' })
  expect(await listResources(sandbox, id)).toEqual(nothing)
}

it.concurrent.each([
  ['stdio', { name: 'Exits stdio', serverType: 'stdio' }],
  ['http', { name: 'Exits http', serverType: 'http' }],
])('ends FAILED with the exit code and the last log lines when a %s server exits at once, and can be deleted', async (_, definition) => {
  const startCommand = 'echo "no database at db.internal" >&2; exit 7'
  const { run, accepted } = await gantry.create({ ...definition, startCommand })
  expect(run).toMatchObject({ status: 'FAILED', error: { code: 'VERIFY_FAILED', message: expect.stringMatching(/exit(ed)?.* 7\b/) } })
  expect(run.error?.logs?.join('\n')).toContain('no database at db.internal')
  const { body } = await gantry.call<Server>('GET', `/servers/${accepted.server.id}`)
  expect(body).toMatchObject({ status: 'FAILED', error: { code: 'VERIFY_FAILED' } })
  await removeWithoutTrace(accepted.server.id)
})

it.concurrent("ends FAILED with the provider's own words when somebody else has a role of that name, which a delete leaves alone", async () => {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  const iam = new IAMClient(clientOf(sandbox.emulatorUrl))
  await iam.send(new CreateRoleCommand({ RoleName: 'sandbox-refused-task', AssumeRolePolicyDocument }))
  const { run, accepted } = await gantry.create({ name: 'Refused', serverType: 'stdio', startCommand: tinyServer() })
  const error = {
    code: 'APPLY_FAILED',
    resource: expect.stringMatching(/^aws_iam_role\.roles_task/),
    message: expect.stringMatching(/EntityAlreadyExists.*sandbox-refused-task/),
  }
  expect(run).toMatchObject({ status: 'FAILED', error })
  expect((await gantry.call<Server>('GET', `/servers/${accepted.server.id}`)).body).toMatchObject({ status: 'FAILED', error })
  expect((await gantry.remove('refused')).run).toMatchObject({ status: 'SUCCEEDED' })
  await iam.send(new DeleteRoleCommand({ RoleName: 'sandbox-refused-task' }))
  expect(await listResources(sandbox, 'refused')).toEqual(nothing)
})
