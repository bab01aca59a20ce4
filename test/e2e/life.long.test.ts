import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { liveOnce } from '../support/live-once.ts'
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.ts'

let home: string
let sandbox: SandboxProcess
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gantry-life-'))
  sandbox = await startSandboxProcess({ directory: home })
})
afterAll(async () => {
  await sandbox?.stop()
  rmSync(home, { recursive: true, force: true })
})

it.each([1, 2, 3, 4, 5])('life %i of one name leaves nothing, whatever its load balancer', async (turn) => {
  const mode = turn % 2 === 0 && sandbox.edge === 'alb' ? 'dedicated' : 'shared'
  await expect(liveOnce(sandbox, 'again', mode)).resolves.toBeUndefined()
})
