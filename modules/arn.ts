/** The AWS partition a region is in: the second part of every ARN. */
export function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** An ARN of one service in one region and account. */
export function arn(place: { region: string; account: string }, service: string, resource: string): string {
  return `arn:${partition(place.region)}:${service}:${place.region}:${place.account}:${resource}`
}

/** An ARN of a global service (IAM), which names no region. */
export function globalArn(place: { region: string; account: string }, service: string, resource: string): string {
  return `arn:${partition(place.region)}:${service}::${place.account}:${resource}`
}
