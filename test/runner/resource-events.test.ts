import { expect, test } from 'vitest'
import { createResourceEvents } from '../../runner/resource-events.ts'
import { recordingReport } from './support/recording-report.ts'

const line = (type: string, addr: string, more: object = {}) =>
  JSON.stringify({ type, hook: { resource: { addr }, action: 'create', ...more } })

test('tells what happened within a second as one event', () => {
  const report = recordingReport()
  const resources = createResourceEvents(report, 60_000)
  resources.line(line('apply_start', 'aws_lb.x'))
  resources.line(line('apply_progress', 'aws_lb.x'))
  resources.line(line('apply_complete', 'aws_lb.x', { elapsed_seconds: 61 }))
  resources.line('not JSON')
  resources.flush()
  expect(report.events).toEqual([
    {
      type: 'resource.applied',
      message: 'create started: aws_lb.x; create finished: aws_lb.x',
      data: {
        resources: [
          { address: 'aws_lb.x', action: 'create', state: 'started' },
          { address: 'aws_lb.x', action: 'create', state: 'finished', seconds: 61 },
        ],
      },
    },
  ])
})

test('says nothing where nothing happened', () => {
  const report = recordingReport()
  createResourceEvents(report).flush()
  expect(report.events).toEqual([])
})

test('names a few of many', () => {
  const report = recordingReport()
  const resources = createResourceEvents(report, 60_000)
  for (const name of 'abcdef') resources.line(line('apply_start', name))
  resources.flush()
  expect(report.events[0]?.message).toBe('create started: a, b, c, d and 2 more')
})
