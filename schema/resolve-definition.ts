import { type LoadBalancerMode, type PlatformContract, ReviewPolicy } from './contract.ts'
import type { Definition } from './definition.ts'

/** A definition with every default of its platform in it: nothing in it is left to choose. */
export type ResolvedDefinition = Definition &
  Required<Pick<Definition, 'mcpPath' | 'architecture' | 'review' | 'logRetentionDays' | 'stickiness'>> & {
    readonly loadBalancer: { readonly mode: LoadBalancerMode }
    /** Where an http or sse server listens; 8080, the bridge's own, for stdio. */
    readonly port: number
  }

const defaultTarget = 60
const defaultSeconds = 60

/** Pure and idempotent. `review` is the stricter of the server's and the platform's; edge `nlb` has `shared` only. */
export function resolveDefinition(definition: Definition, contract: PlatformContract): ResolvedDefinition {
  const { serverType, image, loadBalancer, review = contract.defaults.review } = definition
  return {
    ...definition,
    port: definition.port ?? (serverType === 'stdio' ? 8080 : 8000),
    mcpPath: definition.mcpPath ?? (serverType === 'sse' ? '/sse' : '/mcp'),
    architecture: definition.architecture ?? (image === undefined ? 'ARM64' : 'X86_64'),
    autoScalingConfig: resolveScaling(definition.autoScalingConfig),
    loadBalancer: { mode: contract.edge === 'nlb' ? 'shared' : (loadBalancer?.mode ?? contract.defaults.loadBalancer) },
    review: stricter(review, contract.defaults.review),
    logRetentionDays: definition.logRetentionDays ?? contract.defaults.logRetentionDays,
    stickiness: definition.stickiness ?? false,
  }
}

function resolveScaling(config: Definition['autoScalingConfig']): Definition['autoScalingConfig'] {
  const { metricName = 'CPUUtilization', targetValue = defaultTarget, duration = defaultSeconds, cooldown = defaultSeconds } = config
  return { ...config, metricName, targetValue, cooldown, duration }
}

function stricter(a: Definition['review'] & string, b: Definition['review'] & string) {
  const order = ReviewPolicy.options
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}
