import { expect, onTestFinished } from 'vitest'
import { createGitHubReview } from '../../../../api/review/github/create-github-review.ts'
import type { Credentials } from '../../../../api/review/github/github.ts'
import type { OpenedReview, ReviewPage, ReviewRequest } from '../../../../api/review/review-provider.ts'
import type { Review } from '../../../../schema/review.ts'
import type { AppOf } from '../../../support/github/handle-apps.ts'
import { startGitHub } from '../../../support/github/start-github.ts'

export const runId = '01JZ8Y6V9Q4N3M2K1H0G9F8E7D'

/** A clock on which waiting takes no time; `waits` are the milliseconds that were asked for. */
export function createClock() {
  const waits: number[] = []
  let ahead = 0
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds)
    ahead += milliseconds
  }
  return { waits, now: () => new Date(Date.now() + ahead), sleep }
}

/** The provider and a GitHub of its own, which is held to GitHub's description to the end of the test. */
export async function createReview(
  options: { app?: AppOf; credentials?: Credentials; repository?: string; answerWithinMilliseconds?: number } = {},
) {
  const github = await startGitHub({ ...(options.app && { app: options.app }) })
  onTestFinished(async () => {
    await github.close()
    expect(github.violations).toEqual([])
  })
  const clock = createClock()
  const logged: { event: string }[] = []
  /** A provider that has read nothing yet, as after a restart. */
  const restart = () =>
    createGitHubReview({
      repository: options.repository ?? github.repository,
      apiUrl: github.apiUrl,
      main: 'main',
      credentials: options.credentials ?? { type: 'token', token: async () => 'ghp_test' },
      answerWithinMilliseconds: options.answerWithinMilliseconds ?? 15_000,
      clock,
      log: (entry) => logged.push(entry),
    })
  const review = restart()
  async function opened(changes: Partial<ReviewRequest> = {}) {
    const request = requestOf(changes)
    const made = await review.open(request)
    return { request, review: reviewOf(request, made), number: made.number ?? 0, branch: made.branch }
  }
  /** What has become of one of them. */
  const state = async (of: Review) => (await review.look([of])).get(of.runId)
  return { github, hub: github.hub, review, clock, logged, restart, opened, state }
}

export function pageOf(changes: Partial<ReviewPage> = {}): ReviewPage {
  return {
    stage: 'planned',
    title: 'Create weather: 12 to add',
    body: '12 to add, 0 to change, 0 to destroy\n',
    summary: '12 to add; merge to apply',
    url: 'https://gantry.example.com/runs/1',
    ...changes,
  }
}

export function requestOf(changes: Partial<ReviewRequest> = {}): ReviewRequest {
  const serverId = changes.serverId ?? 'weather'
  return {
    runId,
    serverId,
    files: {
      [`servers/${serverId}/definition.json`]: '{\n  "name": "Wetter ☀"\n}\n',
      [`servers/${serverId}/cdk.tf.json`]: '{}\n',
      [`servers/${serverId}/plan.md`]: `# Plan of ${changes.runId ?? runId}\n`,
    },
    page: pageOf(),
    createdBy: 'key:0123456789abcdef',
    createdAt: '2026-11-21T10:00:00.000Z',
    ...changes,
  }
}

export const reviewOf = (request: ReviewRequest, opened: OpenedReview): Review => ({
  format: 1,
  runId: request.runId,
  serverId: request.serverId,
  provider: 'github',
  proposed: request.proposal !== undefined,
  shown: '',
  ended: false,
  version: 0,
  createdAt: request.createdAt,
  updatedAt: request.createdAt,
  ...opened,
})
