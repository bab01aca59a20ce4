import { readFileSync } from 'node:fs'
import { listPrices } from '../../../runner/plan-review/list-prices.ts'
import type { PlanReviewInput } from '../../../runner/plan-review/make-plan-review.ts'
import type { ShownPlan } from '../../../runner/plan-review/shown-plan.ts'
import { sampleDefinitions } from './sample-definitions.ts'

export const recordedPlan = (name: 'creation' | 'change' | 'deletion'): ShownPlan =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))

/** The recorded change of a server, as a runner would have it reviewed, unless `changes` say otherwise. */
export function sampleInput(changes: Partial<PlanReviewInput> = {}): PlanReviewInput {
  return {
    run: { id: '01jd9v7w3k8m2n4p6q8r0s2t4v', serverId: 'docsmcp', revision: 2, type: 'apply' },
    serverName: 'Docs MCP',
    planSha256: '5f0c6d7b1e2a3948576655443322110fedcba98765432100123456789abcdef0',
    shown: recordedPlan('change'),
    previous: { definition: sampleDefinitions.first, enabled: true },
    next: { definition: sampleDefinitions.second, enabled: true },
    tools: ['search_docs', 'read_page'],
    platformSecurityGroups: [],
    prices: listPrices,
    policy: [
      {
        level: 'warn',
        rule: 'registry',
        file: 'images.yaml',
        message: 'node:22 comes from a public registry',
        address: 'aws_ecs_task_definition.task',
      },
    ],
    holdOf: ({ risks }) => ({ policy: 'destructive', reasons: [...new Set(risks.map(({ kind }) => kind))] }),
    ...changes,
  }
}
