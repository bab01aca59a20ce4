import { expect, test } from 'vitest'
import { startRelay } from '../support/start-upstream.ts'

test.each([
  [200, 200],
  [404, 200],
  [406, 200],
  [500, 503],
  [503, 503],
])('a server that answers %i makes the health %i', async (status, expected) => {
  const { origin } = await startRelay((_, res) => void res.writeHead(status).end())
  for (const path of ['/health', '/healthz', '/status']) expect((await fetch(origin + path)).status).toBe(expected)
})

test('a server whose answer is an endless stream is healthy', async () => {
  const { origin } = await startRelay((_, res) => void res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders())
  expect((await fetch(`${origin}/health`)).status).toBe(200)
})

test('the server is asked on its own health path, once for all who ask within the cache time', async () => {
  const asked: unknown[] = []
  const { origin } = await startRelay(
    (req, res) => {
      asked.push(req.url)
      res.end()
    },
    { GANTRY_HEALTH_PATH: '/ready' },
    { healthCacheSeconds: 60 },
  )
  const answers = await Promise.all(['/health', '/ready', '/healthz'].map((path) => fetch(origin + path)))
  expect([answers.map((answer) => answer.status), asked]).toEqual([[200, 200, 200], ['/ready']])
})

test('a server that recovers is healthy again once the cache time is over', async () => {
  let status = 500
  const { origin } = await startRelay((_, res) => void res.writeHead(status).end(), {}, { healthCacheSeconds: 0 })
  expect((await fetch(`${origin}/health`)).status).toBe(503)
  status = 200
  await expect.poll(async () => (await fetch(`${origin}/health`)).status).toBe(200)
})
