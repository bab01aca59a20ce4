import * as z from 'zod'
import { wholeNumber } from './definition-numbers.ts'
import { expects, oneOf, refusal, show } from './refusal.ts'
import { whenObject } from './when-object.ts'

/** Metrics that AWS itself keeps for a service; anything else is a custom metric and needs its namespace. */
const predefinedMetrics: readonly string[] = ['CPUUtilization', 'MemoryUtilization', 'RequestCountPerTarget']
const percentages: readonly string[] = ['CPUUtilization', 'MemoryUtilization']
/** AWS fixes it for its own metrics; for custom ones the provider's target tracking has no field for another yet. */
const periodSeconds = 60

const target = expects('a number above 0, at most 1000000000')
const metric = expects(`${oneOf(predefinedMetrics)}, or the name of a custom CloudWatch metric`)
const namespace = expects('a CloudWatch namespace of 1 to 255 letters, digits and ._/#:-')

const Scaling = z.strictObject({
  minCapacity: wholeNumber(1, 5000),
  maxCapacity: wholeNumber(1, 5000),
  targetValue: z.number({ error: target }).gt(0, { error: target }).max(1e9, { error: target }).optional(),
  metricName: z
    .string({ error: metric })
    .regex(/^[A-Za-z0-9._/#:-]{1,255}$/, { error: metric })
    .optional(),
  namespace: z
    .string({ error: namespace })
    .regex(/^[A-Za-z0-9._/#-][A-Za-z0-9._/#:-]{0,254}$/, { error: namespace })
    .optional(),
  duration: z
    .literal(periodSeconds, { error: expects(`${periodSeconds} seconds, the only period that target tracking has here`) })
    .optional(),
  cooldown: wholeNumber(0, 86_400, ' seconds').optional(),
})

export const AutoScaling = Scaling.superRefine((config, context) => {
  for (const [field, message] of scalingProblems(config)) context.addIssue({ code: 'custom', path: [field], message })
}, whenObject)

function* scalingProblems(config: z.infer<typeof Scaling>): Generator<[keyof typeof config, string]> {
  const { minCapacity, maxCapacity, targetValue, metricName = 'CPUUtilization', namespace } = config
  if (maxCapacity < minCapacity) yield ['maxCapacity', refusal(show(maxCapacity), `at least minCapacity, which is ${minCapacity}`)]
  const custom = !predefinedMetrics.includes(metricName)
  if (custom && namespace === undefined) {
    yield ['namespace', `missing; expected the namespace of the custom metric ${show(metricName)}. Or use ${oneOf(predefinedMetrics)}`]
  }
  if (!custom && namespace !== undefined) {
    yield ['namespace', refusal(show(namespace), `none: ${metricName} is AWS's own`, 'A custom metric has another metricName')]
  }
  const percentage = percentages.includes(metricName)
  if (percentage && typeof targetValue === 'number' && targetValue > 100) {
    yield ['targetValue', refusal(show(targetValue), `a percentage up to 100 for ${metricName}`)]
  }
  if (!percentage && targetValue === undefined) yield ['targetValue', `missing; expected the value of ${metricName} to hold`]
}
