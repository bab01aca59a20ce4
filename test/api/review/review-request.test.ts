import { expect, test } from 'vitest'
import { reviewRequest } from '../../../api/review/review-request.ts'
import { unreachablePorts } from '../unreachable-ports.ts'
import { aRun, aServer, runId } from './shown-run.ts'

test('the pull request of a delete says what goes and adds nothing else', async () => {
  const artifacts = {
    ...unreachablePorts.artifacts,
    list: async (prefix: string) => [`${prefix}cdk.tf.json`],
    readText: async (key: string) => `text of ${key}`,
  }
  const shown = {
    run: aRun({ type: 'delete' }),
    server: aServer(),
    plan: undefined,
    publicUrl: 'https://gantry.example.com',
    fourEyes: false,
  }
  const { files } = await reviewRequest({ ...unreachablePorts, artifacts }, shown)
  expect(files).toEqual({ 'servers/docs/plan.md': `text of runs/${runId}/plan.md` })
})
