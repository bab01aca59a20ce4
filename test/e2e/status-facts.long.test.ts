import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Run } from '../../schema/run.ts'
import { controlPlane } from '../support/control-plane.ts'
import { sandbox } from '../support/shared-sandbox.ts'
import { tinyServer } from '../support/tiny-server.ts'

const gantry = controlPlane(sandbox.url, sandbox.adminKey)
const shell = promisify(execFile)

interface Connections {
  items: { serverId: string; snippets: { curl: string } }[]
}
interface Logs {
  lines: { container: string; message: string }[]
  after: string
}
interface Audit {
  items: { action: string; outcome: string; sourceIp: string }[]
}

it('tells what runs for a server, what it wrote, how to call it, that its tools are as they were, and who made it', async () => {
  const { run } = await gantry.create({ name: 'facts', serverType: 'stdio', startCommand: tinyServer() })
  expect(run.status).toBe('SUCCEEDED')

  const { body: server } = await gantry.call('GET', '/servers/facts')
  expect(server).toMatchObject({
    enabled: true,
    stack: {
      service: { status: 'ACTIVE', desired: 1, running: 1, deployments: [{ primary: true, rolloutState: 'COMPLETED' }] },
      targets: [{ state: 'healthy' }],
    },
  })

  const { body: logs } = await gantry.call<Logs>('GET', '/servers/facts/logs')
  expect(logs.lines.length).toBeGreaterThan(0)
  expect((await gantry.call<Logs>('GET', `/servers/facts/logs?after=${logs.after}`)).status).toBe(200)

  const { body: connections } = await gantry.call<Connections>('GET', '/connections')
  const curl = connections.items.find(({ serverId }) => serverId === 'facts')?.snippets.curl ?? ''
  expect((await shell('/bin/sh', ['-c', curl])).stdout).toContain('"serverInfo":{"name":"tiny"')

  const { body: accepted } = await gantry.call<{ run: Run }>('POST', '/servers/facts/runs', { type: 'verify' })
  const verified = await gantry.follow(accepted.run.id)
  expect(verified.run).toMatchObject({ type: 'verify', status: 'SUCCEEDED' })
  expect(verified.events.at(-1)).toMatchObject({ type: 'tools.compared', data: { added: [], removed: [], changed: [] } })

  const removed = await gantry.remove('facts')
  expect(removed.run.status).toBe('SUCCEEDED')
  const { body: audit } = await gantry.call<Audit>('GET', '/audit?serverId=facts')
  expect(audit.items).toMatchObject([
    { action: 'server:delete', outcome: 'done', sourceIp: '127.0.0.1' },
    { action: 'run:create', outcome: 'done', sourceIp: '127.0.0.1' },
    { action: 'server:create', outcome: 'done', sourceIp: '127.0.0.1' },
  ])
})
