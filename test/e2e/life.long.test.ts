import { expect, it } from 'vitest'
import { liveOnce } from '../support/live-once.ts'
import { sandbox } from '../support/shared-sandbox.ts'

it.each([1, 2, 3, 4, 5])('life %i of one name leaves nothing, whatever its load balancer', async (turn) => {
  const mode = turn % 2 === 0 && sandbox.edge === 'alb' ? 'dedicated' : 'shared'
  await expect(liveOnce(sandbox, 'again', mode)).resolves.toBeUndefined()
})
