import { expect, test } from 'vitest'
import { listPrices } from '../../../runner/plan-review/list-prices.ts'
import { monthlyCost } from '../../../runner/plan-review/monthly-cost.ts'
import type { ShownPlan, ShownResource } from '../../../runner/plan-review/shown-plan.ts'
import { recordedPlan } from './sample-plan.ts'

const resource = (type: string, values: object): ShownResource => ({ address: `${type}.x`, mode: 'managed', type, values: { ...values } })
const planned = (...resources: ShownResource[]): ShownPlan => ({ planned_values: { root_module: { resources } } })
const task = (cpu_architecture: string) =>
  resource('aws_ecs_task_definition', { cpu: '1024', memory: '2048', runtime_platform: [{ cpu_architecture }] })
const service = (desired_count: number) => resource('aws_ecs_service', { name: 'a', desired_count })
const after = (...resources: ShownResource[]): number => monthlyCost(planned(...resources), listPrices).after

test.each([
  ['ARM64', 730 * (0.03238 + 2 * 0.00356)],
  ['X86_64', 730 * (0.04048 + 2 * 0.004445)],
])('a task of 1 vCPU and 2 GB on %s costs its hours', (architecture, dollars) => {
  expect(after(task(architecture), service(1))).toBeCloseTo(dollars, 2)
})

test('a stopped server costs no tasks', () => {
  expect(after(task('ARM64'), service(0))).toBe(0)
})

test('autoscaling counts at its least, and the basis says so', () => {
  const target = resource('aws_appautoscaling_target', { resource_id: 'service/c/a', min_capacity: 3, max_capacity: 9 })
  const [line] = monthlyCost(planned(task('ARM64'), service(1), target), listPrices).lines
  expect(line?.after).toBe(86.51)
  expect(line?.basis).toMatch(/^3 tasks \(the least of 3 to 9\) × 730 h × /)
})

/** Two services and their task definitions, of which the first is the dearer. */
const two = (dear: object, cheap: object): ShownPlan => ({
  ...planned(
    { ...task('ARM64'), address: 'aws_ecs_task_definition.dear', values: { cpu: '2048', memory: '4096', arn: 'arn:dear' } },
    { ...task('ARM64'), address: 'aws_ecs_task_definition.cheap', values: { cpu: '256', memory: '512', arn: 'arn:cheap' } },
    { ...service(1), address: 'aws_ecs_service.dear', values: { name: 'dear', ...dear } },
    { ...service(1), address: 'aws_ecs_service.cheap', values: { name: 'cheap', ...cheap } },
  ),
  configuration: {
    root_module: {
      resources: ['dear', 'cheap'].map((name) => ({
        address: `aws_ecs_service.${name}`,
        expressions: { task_definition: { references: [`aws_ecs_task_definition.${name}`] } },
      })),
    },
  },
})

test.each([
  ['its ARN', { ...two({ task_definition: 'arn:dear' }, { task_definition: 'arn:cheap' }), configuration: {} }],
  ['what the configuration says while the ARN is not known', two({}, {})],
])('a service’s task definition is found by %s', (_, shown) => {
  const [cheap, dear] = monthlyCost(shown, listPrices).lines
  expect(dear?.after).toBeCloseTo((cheap?.after ?? 0) * 8, 0)
})

test('load balancers, secrets, alarms and the alarms of target tracking are counted', () => {
  const policy = resource('aws_appautoscaling_policy', { target_tracking_scaling_policy_configuration: [{ target_value: 60 }] })
  const others = [resource('aws_lb', {}), resource('aws_secretsmanager_secret', {}), resource('aws_cloudwatch_metric_alarm', {})]
  expect(after(...others, policy)).toBeCloseTo(730 * 0.0225 + 0.4 + 0.1 + 0.2, 2)
})

test('what a change leaves alone counts on both sides', () => {
  const cost = monthlyCost(recordedPlan('change'), listPrices)
  const balancer = cost.lines.find(({ address }) => address.startsWith('aws_lb.'))
  expect(balancer).toMatchObject({ before: 16.43, after: 16.43 })
})

test('a server that goes costs nothing after', () => {
  const { before, after: none } = monthlyCost(recordedPlan('deletion'), listPrices)
  expect([before > 0, none]).toEqual([true, 0])
})

test('lines add up to the sums', () => {
  const { lines, after: sum } = monthlyCost(recordedPlan('change'), listPrices)
  expect(lines.reduce((total, line) => total + line.after, 0)).toBeCloseTo(sum, 2)
})
