import { resourceName } from '../schema/names.ts'

const nameIn = (maxLength: number, suffix?: string) => (platform: string, serverId: string) =>
  resourceName({ platform, serverId, maxLength, ...(suffix ? { suffix } : {}) })

/** The ECS service, and the family of its task definitions. */
export const serviceName = nameIn(255)
export const logGroup = (platform: string, serverId: string): string => `/gantry/${platform}/${serverId}`
