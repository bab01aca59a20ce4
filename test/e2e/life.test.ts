import { inject, it } from 'vitest'
import { liveOnce } from '../support/live-once.ts'

it('creates, updates, stops, starts and deletes a server, and leaves nothing of it', async () => {
  await liveOnce(inject('sandbox'), 'life', 'shared')
})
