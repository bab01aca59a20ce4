import * as z from 'zod'

const Price = z.number().nonnegative()
const ByArchitecture = z.strictObject({ ARM64: Price, X86_64: Price })

/** One dated list of what resources cost in US dollars; a platform team may bring its own. */
export const PriceFile = z.strictObject({
  date: z.iso.date(),
  /** Where the numbers come from, as a sentence for whoever reads a plan. */
  source: z.string().min(1).max(500),
  currency: z.literal('USD'),
  hoursPerMonth: z.number().positive(),
  prices: z.strictObject({
    fargateVcpuHour: ByArchitecture,
    fargateGbHour: ByArchitecture,
    applicationLoadBalancerHour: Price,
    networkLoadBalancerHour: Price,
    secretMonth: Price,
    alarmMonth: Price,
  }),
})
export type PriceFile = z.infer<typeof PriceFile>
