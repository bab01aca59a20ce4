import * as z from 'zod'
import { wholeNumber } from './definition-numbers.ts'
import { AbsolutePath, Command } from './definition-process.ts'
import { refusal } from './refusal.ts'
import { whenObject } from './when-object.ts'

/** Seconds where a definition names none: the target group's are ours, the container's are AWS's. */
const targetHealthDefaults = { interval: 15, timeout: 5, healthyThresholdCount: 2, unhealthyThresholdCount: 3 } as const
const containerHealthDefaults = { interval: 30, timeout: 5 } as const

/** AWS's least for both; below it the field's own rule speaks. */
const leastInterval = 5

type Timing = { interval?: number | undefined; timeout?: number | undefined }

/** AWS refuses a timeout that is not below the interval, defaults included. */
const timeoutBelowInterval = (defaults: { interval: number; timeout: number }) => (config: Timing, context: z.RefinementCtx) => {
  const interval = config.interval ?? defaults.interval
  const timeout = config.timeout ?? defaults.timeout
  if (timeout < interval || interval < leastInterval) return
  const [field, message] =
    config.timeout === undefined
      ? ['interval', refusal(`${interval}`, `more than the timeout, which is ${timeout} by default`, 'Set timeout too')]
      : [
          'timeout',
          refusal(`${timeout}`, `less than the interval, which is ${interval}${config.interval === undefined ? ' by default' : ''}`),
        ]
  context.addIssue({ code: 'custom', path: [field], message })
}

const HealthCheck = z
  .strictObject({
    path: AbsolutePath.optional(),
    interval: wholeNumber(leastInterval, 300, ' seconds').optional(),
    timeout: wholeNumber(2, 120, ' seconds').optional(),
    healthyThresholdCount: wholeNumber(2, 10).optional(),
    unhealthyThresholdCount: wholeNumber(2, 10).optional(),
  })
  .superRefine(timeoutBelowInterval(targetHealthDefaults), whenObject)

/** What the load balancer asks the bridge. */
export const LoadBalancerConfig = z.strictObject({ healthCheckConfig: HealthCheck })

/** What ECS asks inside the container; a string runs under CMD-SHELL. */
export const ContainerHealthCheck = z
  .strictObject({
    command: Command,
    interval: wholeNumber(leastInterval, 300, ' seconds').optional(),
    startPeriod: wholeNumber(0, 300, ' seconds').optional(),
    timeout: wholeNumber(2, 60, ' seconds').optional(),
    retries: wholeNumber(1, 10).optional(),
  })
  .superRefine(timeoutBelowInterval(containerHealthDefaults), whenObject)
