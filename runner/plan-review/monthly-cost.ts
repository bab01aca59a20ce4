import type { MonthlyCost } from '../../schema/plan-review.ts'
import type { PriceFile } from '../../schema/price-file.ts'
import { attributesOf, blocksOf } from './attributes-of.ts'
import { fargateAmount } from './fargate-cost.ts'
import { resourcesOf, type ShownPlan, type ShownResource } from './shown-plan.ts'

/** What one resource costs in a month, and how that comes about. */
export interface Amount {
  readonly dollars: number
  readonly basis: string
}

export interface Priced {
  readonly shown: ShownPlan
  /** Of the same side, before or after. */
  readonly resources: readonly ShownResource[]
  readonly file: PriceFile
}

/** US dollars a month before and after a plan, of all resources and not only of those that change. */
export function monthlyCost(shown: ShownPlan, file: PriceFile): MonthlyCost {
  const [before, after] = [shown.prior_state?.values?.root_module, shown.planned_values?.root_module].map((module) => {
    const resources = resourcesOf(module)
    return new Map(resources.flatMap((resource) => priced(resource, { shown, resources, file })))
  })
  const addresses = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort()
  const lines = addresses.map((address) => {
    const [was, is] = [before?.get(address), after?.get(address)]
    return { address, basis: is?.basis ?? was?.basis ?? '', before: cents(was?.dollars ?? 0), after: cents(is?.dollars ?? 0) }
  })
  const sum = (side: 'before' | 'after'): number => cents(lines.reduce((total, line) => total + line[side], 0))
  return { before: sum('before'), after: sum('after'), lines, prices: { date: file.date, source: file.source } }
}

const cents = (dollars: number): number => Math.round(dollars * 100) / 100

function priced(resource: ShownResource, side: Priced): [string, Amount][] {
  const amount = amountOf(resource, side)
  return amount ? [[resource.address, amount]] : []
}

function amountOf(resource: ShownResource, side: Priced): Amount | undefined {
  const { prices } = side.file
  const values = attributesOf(resource.values)
  switch (resource.type) {
    case 'aws_ecs_service':
      return fargateAmount(resource, side)
    case 'aws_lb':
      return hourly(values.load_balancer_type === 'network' ? prices.networkLoadBalancerHour : prices.applicationLoadBalancerHour, side)
    case 'aws_secretsmanager_secret':
      return { dollars: prices.secretMonth, basis: `1 secret × $${prices.secretMonth}` }
    case 'aws_cloudwatch_metric_alarm':
      return { dollars: prices.alarmMonth, basis: `1 alarm × $${prices.alarmMonth}` }
    case 'aws_appautoscaling_policy':
      // AWS makes one for scaling out and one for scaling in.
      if (blocksOf(values.target_tracking_scaling_policy_configuration).length === 0) return undefined
      return { dollars: 2 * prices.alarmMonth, basis: `2 alarms of its target tracking × $${prices.alarmMonth}` }
    default:
      return undefined
  }
}

const hourly = (price: number, { file: { hoursPerMonth } }: Priced): Amount => ({
  dollars: hoursPerMonth * price,
  basis: `1 load balancer × ${hoursPerMonth} h × $${price}, without its capacity units`,
})
